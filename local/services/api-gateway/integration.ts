import { AwsError, asAwsError, UnknownOperation, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Principal } from '../../core/cloud.ts';
import { jsonOf } from '../../http/json-rpc.ts';
import { literal, type Method } from './api.ts';
import type { Received } from './request.ts';
import { type Answer, at, GatewayError } from './responses.ts';
import { renderTemplate } from './template.ts';

interface Outcome {
  readonly status: number;
  readonly body: string;
}

/** Calls the AWS service behind a method and makes the method's answer of the service's. */
export async function integrate(
  cloud: Cloud,
  method: Method,
  received: Received,
  template: string | undefined,
): Promise<Answer> {
  const body = template === undefined ? received.body : renderTemplate(template, received);
  const outcome = await perform(cloud, method, body);
  received.context.integration = { status: outcome.status };
  const responses = method.Integration.IntegrationResponses;
  const chosen =
    responses.find(
      ({ SelectionPattern: pattern }) =>
        pattern && new RegExp(`^(?:${pattern})$`).test(String(outcome.status)),
    ) ?? responses.find(({ SelectionPattern: pattern }) => !pattern);
  if (!chosen) throw new GatewayError('API_CONFIGURATION_ERROR');
  const mapped = chosen.ResponseTemplates['application/json'];
  const text =
    mapped === undefined ? outcome.body : renderTemplate(mapped, { ...received, body: outcome.body }).trim();
  const headers = Object.entries(chosen.ResponseParameters).map(([name, value]) => [
    name.replace('method.response.header.', ''),
    literal(value),
  ]);
  const status = Number(at(received.context, 'responseOverride.status') ?? chosen.StatusCode);
  if (!method.MethodResponses.some(({ StatusCode }) => Number(StatusCode) === Number(chosen.StatusCode)))
    throw new GatewayError('API_CONFIGURATION_ERROR');
  return { status, body: text, headers: Object.fromEntries(headers) };
}

/**
 * A role that API Gateway takes up. Of the keys of conditions, it is not documented to tell any.
 * @throws AccessDenied when the role does not trust API Gateway
 */
export const gatewayRole = (cloud: Cloud, roleArn: string): Principal =>
  cloud.assume(roleArn, cloud.acting('apigateway.amazonaws.com'));

// The JSON services that an integration may call, by what stands in front of the dot of X-Amz-Target.
const TARGETS: Readonly<Record<string, string>> = {
  codebuild: 'CodeBuild_20161006',
  codepipeline: 'CodePipeline_20150709',
  dynamodb: 'DynamoDB_20120810',
  events: 'AWSEvents',
  logs: 'Logs_20140328',
  secretsmanager: 'secretsmanager',
  sqs: 'AmazonSQS',
  ssm: 'AmazonSSM',
  states: 'AWSStepFunctions',
};

// For these, API Gateway makes the headers of the URI's action itself.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-api-step-functions.html
const BY_ACTION: ReadonlySet<string> = new Set(['dynamodb', 'states']);

/** @throws UnsupportedOperation for all but an action of a JSON service, called as a role */
function calledBy({ Uri, Credentials }: Method['Integration']): {
  readonly service: string;
  readonly action: string;
  readonly role: string;
} {
  const [, service = '', action = ''] =
    /^arn:[\w-]+:apigateway:[\w-]+:([\w-]+):action\/(\w+)$/.exec(Uri) ?? [];
  if (!Object.hasOwn(TARGETS, service) || !Credentials)
    throw unsupported(`the integration ${Uri}: only an action of a JSON service, with a role`);
  return { service, action, role: Credentials };
}

async function perform(cloud: Cloud, { Integration }: Method, body: string): Promise<Outcome> {
  const { service, action, role } = calledBy(Integration);
  try {
    const operation = operationOf(service, action, Integration.RequestParameters);
    const output = await cloud.call(service, operation, jsonOf(body), gatewayRole(cloud, role));
    return { status: 200, body: JSON.stringify(output ?? {}) };
  } catch (error) {
    const { code, message, status } =
      error instanceof UnknownOperation ? unknown(error.message) : asAwsError(error);
    if (status >= 500 || code === UNKNOWN)
      cloud.warn(`${service} ${action} failed behind the API: ${message}`);
    return { status, body: JSON.stringify({ __type: code, message }) };
  }
}

/** As the service itself finds the operation of a request: by its headers, and not by the URI. @throws UnknownOperationException */
function operationOf(service: string, action: string, headers: ReadonlyMap<string, string>): string {
  const target = headers.get('x-amz-target');
  if (target === undefined && BY_ACTION.has(service)) return action;
  const [prefix, operation] = target?.split('.') ?? [];
  if (prefix !== TARGETS[service] || !operation)
    throw unknown(
      `X-Amz-Target ${target} names no operation of ${service}: set ${TARGETS[service]}.${action}`,
    );
  // Without a mapping, API Gateway sends application/json.
  const type = headers.get('content-type') ?? 'application/json';
  if (/^application\/x-amz-json-1\.[01]$/.test(type)) return operation;
  throw unknown(`Content-Type ${type} is not that of ${service}: set application/x-amz-json-1.1`);
}

const UNKNOWN = 'UnknownOperationException';
const unknown = (message: string): AwsError => new AwsError(UNKNOWN, message);
