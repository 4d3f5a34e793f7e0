import { asAwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { jsonOf } from '../../http/json-rpc.ts';
import { literal, type Method } from './api.ts';
import type { Received } from './request.ts';
import { type Answer, at, GatewayError } from './responses.ts';
import { renderTemplate } from './template.ts';

interface Outcome {
  readonly status: number;
  readonly body: string;
}

/** Calls the AWS service behind a method and makes the answer of what it says. */
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

/** `arn:aws:apigateway:REGION:events:action/PutEvents` */
async function perform(cloud: Cloud, { Integration }: Method, body: string): Promise<Outcome> {
  const { Uri, Credentials } = Integration;
  const [, service, operation] = /^arn:[\w-]+:apigateway:[\w-]+:([\w-]+):action\/(\w+)$/.exec(Uri) ?? [];
  if (!service || !operation || !Credentials)
    throw unsupported(`the integration ${Uri}: only an action of a JSON service, with a role`);
  try {
    const output = await cloud.call(service, operation, jsonOf(body), cloud.role(Credentials));
    return { status: 200, body: JSON.stringify(output ?? {}) };
  } catch (error) {
    const { code, message, status } = asAwsError(error);
    if (status >= 500) cloud.warn(`${service} ${operation} failed behind the API: ${message}`);
    return { status, body: JSON.stringify({ __type: code, message }) };
  }
}
