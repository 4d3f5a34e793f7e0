import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  DomainName,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseType,
  RestApi,
  type RestApiProps,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { providerNamed, providerNames } from '../events/providers/index.ts';
import { acknowledge } from './acknowledge.ts';
import { MAX_BODY_KB } from './door-templates.ts';
import { namesOf } from './names.ts';
import type { Settings } from './settings.ts';

export const JSON_TYPE = 'application/json';

const STAGE = 'hooks';

const TITLES = providerNames.map((name) => providerNamed(name).title);

export interface WebhookApi {
  readonly api: RestApi;
  /** a line for each request */
  readonly accessLogs: LogGroup;
}

/** API Gateway's stage for webhooks: who may come to it, how often, and what it logs. */
export function webhookApi(scope: Construct, settings: Settings): WebhookApi {
  const { throttle, logDays, apiGatewayLogRole, allowFrom, privateDoor, doorKey } = settings;
  const logGroup = new LogGroup(scope, 'AccessLogs', {
    retention: logDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const api = new RestApi(scope, 'Api', {
    restApiName: namesOf(settings).api,
    description: 'Webhooks of git hosts',
    cloudWatchRole: apiGatewayLogRole,
    ...(privateDoor ? onlyThrough(scope, privateDoor) : { endpointTypes: [EndpointType.REGIONAL] }),
    ...(allowFrom ? { policy: unless({ NotIpAddress: { 'aws:SourceIp': allowFrom } }) } : {}),
    deployOptions: {
      stageName: STAGE,
      throttlingRateLimit: throttle.rate,
      throttlingBurstLimit: throttle.burst,
      // Execution logs would hold bodies that nobody has verified.
      loggingLevel: MethodLoggingLevel.OFF,
      // A trace has the whole address, and the key of the door with it.
      tracingEnabled: doorKey === undefined,
      accessLogDestination: new LogGroupLogDestination(logGroup),
      accessLogFormat: AccessLogFormat.custom(accessLogLine(doorKey === undefined)),
    },
  });
  acknowledge(
    api.deploymentStage,
    'AwsSolutions-APIG3',
    'what passes is signed, and the throttle bounds what does not; a web ACL is the account’s to add',
  );
  acknowledge(
    api.deploymentStage,
    'AwsSolutions-APIG6',
    'execution logs would hold bodies that nobody has verified; access logs are on',
  );
  acknowledge(
    api,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    'the account’s one role for the logs of all its APIs: AWS keeps the policy for it',
  );
  return { api, accessLogs: logGroup };
}

/** The address of the stage, with a slash at its end; that of a private API is found by every DNS, and leads into its VPC. */
export function webhookAddress(api: RestApi, { privateDoor }: Settings): string {
  const [endpoint] = privateDoor?.vpcEndpointIds ?? [];
  const { region, urlSuffix } = Stack.of(api);
  return endpoint === undefined
    ? api.url
    : `https://${api.restApiId}-${endpoint}.execute-api.${region}.${urlSuffix}/${STAGE}/`;
}

/** A domain for the stage, which stands at its root. @returns the host to which its record leads in DNS */
export function domainOf(
  scope: Construct,
  api: RestApi,
  { name, certificate }: NonNullable<Settings['domain']>,
): string {
  const domain = new DomainName(scope, 'Domain', {
    domainName: name,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificate),
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
  domain.addBasePathMapping(api, { stage: api.deploymentStage });
  return domain.domainNameAliasDomainName;
}

/** An API that nobody reaches but through these endpoints. */
function onlyThrough(
  scope: Construct,
  { vpcEndpointIds }: NonNullable<Settings['privateDoor']>,
): Pick<RestApiProps, 'endpointConfiguration' | 'policy'> {
  const vpcEndpoints = vpcEndpointIds.map((vpcEndpointId) =>
    InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(scope, vpcEndpointId, {
      vpcEndpointId,
      port: 443,
    }),
  );
  return {
    endpointConfiguration: { types: [EndpointType.PRIVATE], vpcEndpoints },
    policy: unless({ StringNotEquals: { 'aws:SourceVpce': vpcEndpointIds } }),
  };
}

/** Lets everybody in but whom a condition finds, who is answered 403 before anything is asked of the request. */
function unless(conditions: Record<string, Record<string, readonly string[]>>): PolicyDocument {
  const every = {
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: ['execute-api:/*'],
  };
  return new PolicyDocument({
    statements: [
      new PolicyStatement(every),
      new PolicyStatement({ ...every, effect: Effect.DENY, conditions }),
    ],
  });
}

/** What API Gateway answers by itself, in words that say what to change. */
export function addOwnAnswers(api: RestApi): void {
  const answer = (id: string, type: ResponseType, statusCode: string, message: string): void => {
    api.addGatewayResponse(id, {
      type,
      statusCode,
      templates: { [JSON_TYPE]: `{"message":"${message}"}` },
    });
  };
  answer(
    'NoHeader',
    ResponseType.BAD_REQUEST_PARAMETERS,
    '400',
    `$context.error.message; it comes with every webhook of ${TITLES.join(' or ')}`,
  );
  answer(
    'NoJson',
    ResponseType.BAD_REQUEST_BODY,
    '400',
    'the body is not a JSON object; send it as the git host does',
  );
  answer(
    'TooLarge',
    ResponseType.REQUEST_TOO_LARGE,
    '413',
    `the body is larger than 10 MB; one of up to ${MAX_BODY_KB} kB fits in an event`,
  );
  answer(
    'NotJson',
    ResponseType.UNSUPPORTED_MEDIA_TYPE,
    '415',
    "set the webhook's content type to application/json; form encoding is not taken",
  );
}

/** @param withPath whether the path may be read in a log */
function accessLogLine(withPath: boolean): string {
  return JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTime',
    ip: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    ...(withPath ? { path: '$context.path' } : {}),
    status: '$context.status',
    integrationStatus: '$context.integration.status',
    error: '$context.error.message',
    latencyMs: '$context.responseLatency',
  });
}
