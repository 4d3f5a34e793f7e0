import {
  AwsIntegration,
  type IntegrationResponse,
  JsonSchemaType,
  type Method,
  PassthroughBehavior,
  Resource,
} from 'aws-cdk-lib/aws-apigateway';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Provider } from '../events/provider.ts';
import { DOORS, providerNamed, providerNames } from '../events/providers/index.ts';
import { acknowledge } from './acknowledge.ts';
import { acceptedTemplate, failedTemplate, refusedTemplate, requestTemplate } from './door-templates.ts';
import { namesOf } from './names.ts';
import type { Settings } from './settings.ts';
import { addOwnAnswers, domainOf, JSON_TYPE, webhookAddress, webhookApi } from './webhook-api.ts';

export interface IngressProps {
  readonly bus: EventBus;
  readonly settings: Settings;
}

/** The door: API Gateway puts a webhook on the bus, without a function in between. */
export class Ingress extends Construct {
  /** the stage's address, with a slash at its end */
  readonly url: string;
  /** the host to which the record of the domain of the settings leads in DNS */
  readonly domainTarget: string | undefined;
  /** how many requests were answered 429: no git host sends them again by itself */
  readonly throttled: Metric;
  /** how many the door could not put on the bus */
  readonly failed: Metric;

  constructor(scope: Construct, id: string, { bus, settings }: IngressProps) {
    super(scope, id);
    const { api, accessLogs } = webhookApi(this, settings);
    this.throttled = this.countThrottled(accessLogs, namesOf(settings).metricNamespace);
    this.failed = api.deploymentStage.metricServerError();
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
    const doors = behindKey(api.root.addResource(DOORS), settings);
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
    addOwnAnswers(api);
    this.url = webhookAddress(api, settings);
    this.domainTarget = settings.domain && domainOf(this, api, settings.domain);
  }

  /** API Gateway's own metric does not tell 429 from the other answers for a caller's mistake; its access log does. */
  private countThrottled(logGroup: LogGroup, metricNamespace: string): Metric {
    const filter = new MetricFilter(this, 'Throttled', {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      metricNamespace,
      metricName: 'Throttled',
    });
    return filter.metric({ statistic: 'Sum' });
  }
}

/** The resource behind the key of the door. Its id is shown at each deployment, and has no key in it. */
const behindKey = (parent: Resource, { doorKey: pathPart }: Settings): Resource =>
  pathPart === undefined ? parent : new Resource(parent, 'Key', { parent, pathPart });

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
