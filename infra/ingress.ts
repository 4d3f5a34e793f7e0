import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AwsIntegration,
  EndpointType,
  type IntegrationResponse,
  JsonSchemaType,
  LogGroupLogDestination,
  type Method,
  MethodLoggingLevel,
  PassthroughBehavior,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import {
  AnyPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Provider } from '../events/provider.ts';
import { DOORS, providerNamed, providerNames } from '../events/providers/index.ts';
import { acknowledge } from './acknowledge.ts';
import {
  acceptedTemplate,
  failedTemplate,
  MAX_BODY_KB,
  refusedTemplate,
  requestTemplate,
} from './door-templates.ts';
import { API_NAME } from './names.ts';
import type { Settings } from './settings.ts';

export interface IngressProps {
  readonly bus: EventBus;
  readonly settings: Settings;
}

const TITLES = providerNames.map((name) => providerNamed(name).title);
const JSON_TYPE = 'application/json';

/** The door: API Gateway puts a webhook on the bus, without a function in between. */
export class Ingress extends Construct {
  /** the stage's address, with a slash at its end */
  readonly url: string;

  constructor(scope: Construct, id: string, { bus, settings }: IngressProps) {
    super(scope, id);
    const api = this.api(settings);
    const validator = api.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    const model = api.addModel('Webhook', {
      contentType: JSON_TYPE,
      schema: { type: JsonSchemaType.OBJECT },
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }));
    const doors = api.root.addResource(DOORS);
    for (const provider of providerNames.map(providerNamed)) {
      const { event, delivery, signature } = provider.door.headers;
      const method = doors.addResource(provider.name).addMethod('POST', integration(provider, bus, role), {
        requestParameters: {
          [`method.request.header.${event}`]: true,
          [`method.request.header.${delivery}`]: true,
          [`method.request.header.${signature}`]: true,
        },
        requestModels: { [JSON_TYPE]: model },
        requestValidator: validator,
        methodResponses: ['202', '400', '413', '502'].map((statusCode) => ({ statusCode })),
      });
      acknowledgeNoAuthorization(method);
    }
    answers(api);
    this.url = api.url;
  }

  private api({ throttle, logDays, apiGatewayLogRole, allowFrom }: Settings): RestApi {
    const logGroup = new LogGroup(this, 'AccessLogs', {
      retention: logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new RestApi(this, 'Api', {
      restApiName: API_NAME,
      description: 'Webhooks of git hosts',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: apiGatewayLogRole,
      ...(allowFrom ? { policy: onlyFrom(allowFrom) } : {}),
      deployOptions: {
        stageName: 'hooks',
        throttlingRateLimit: throttle.rate,
        throttlingBurstLimit: throttle.burst,
        // Execution logs would hold bodies that nobody has verified.
        loggingLevel: MethodLoggingLevel.OFF,
        tracingEnabled: true,
        accessLogDestination: new LogGroupLogDestination(logGroup),
        accessLogFormat: AccessLogFormat.custom(accessLogLine()),
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
    return api;
  }
}

/** Who comes from elsewhere is answered 403 before anything is asked of the request. */
function onlyFrom(ranges: readonly string[]): PolicyDocument {
  const every = {
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: ['execute-api:/*'],
  };
  return new PolicyDocument({
    statements: [
      new PolicyStatement(every),
      new PolicyStatement({
        ...every,
        effect: Effect.DENY,
        conditions: { NotIpAddress: { 'aws:SourceIp': ranges } },
      }),
    ],
  });
}

/** A git host has no AWS credentials and is no Cognito user. */
function acknowledgeNoAuthorization(method: Method): void {
  acknowledge(
    method,
    'AwsSolutions-APIG4',
    'a git host has no AWS credentials: its signature is checked by the machine’s first step',
  );
  acknowledge(
    method,
    'AwsSolutions-COG4',
    'a git host is no Cognito user: its signature is checked by the machine’s first step',
  );
}

/** The call by which a provider's door puts a webhook on the bus. */
function integration(provider: Provider, bus: EventBus, credentialsRole: Role): AwsIntegration {
  return new AwsIntegration({
    service: 'events',
    action: 'PutEvents',
    options: {
      credentialsRole,
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestParameters: {
        'integration.request.header.X-Amz-Target': "'AWSEvents.PutEvents'",
        'integration.request.header.Content-Type': "'application/x-amz-json-1.1'",
      },
      requestTemplates: { [JSON_TYPE]: requestTemplate(provider, bus.eventBusName) },
      integrationResponses: [
        response('202', '2\\d\\d', acceptedTemplate(provider)),
        response('413', '4\\d\\d', refusedTemplate(provider)),
        response('502', undefined, failedTemplate),
      ],
    },
  });
}

function response(
  statusCode: string,
  selectionPattern: string | undefined,
  template: string,
): IntegrationResponse {
  return {
    statusCode,
    responseTemplates: { [JSON_TYPE]: template },
    ...(selectionPattern === undefined ? {} : { selectionPattern }),
  };
}

/** What API Gateway answers by itself, in words that say what to change. */
function answers(api: RestApi): void {
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

function accessLogLine(): string {
  return JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTime',
    ip: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    path: '$context.path',
    status: '$context.status',
    integrationStatus: '$context.integration.status',
    error: '$context.error.message',
    latencyMs: '$context.responseLatency',
  });
}
