import { RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { usualProvider } from '../events/providers/index.ts';
import { acknowledge } from './acknowledge.ts';
import type { Settings } from './settings.ts';

/** Which hosts there are, and what is shared with each. */
export class Secrets extends Construct {
  readonly hosts: StringParameter;
  /** `{ "<host>": "secret" | ["current", "previous"] }` */
  readonly webhook: Secret;
  /** `{ "<host>": { token?, username?, sshKey?, knownHosts? } }`, empty until the operator fills it */
  readonly credentials: Secret;

  constructor(scope: Construct, id: string, { hosts }: Settings) {
    super(scope, id);
    this.hosts = new StringParameter(this, 'Hosts', { stringValue: JSON.stringify(hosts) });
    this.webhook = new Secret(this, 'Webhook', {
      description:
        'The secret of each host’s webhooks, by host; a list holds the current one and the one before',
      generateSecretString: {
        // Not of the settings: CloudFormation makes up a new value, over the operator's, when any of this changes.
        secretStringTemplate: '{}',
        generateStringKey: usualProvider.usualHost.name,
        passwordLength: 48,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.credentials = new Secret(this, 'Credentials', {
      description: 'What clones a host’s repositories and writes commit statuses there, by host',
      // An empty object: nothing secret stands in the template.
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    for (const secret of [this.webhook, this.credentials])
      acknowledge(
        secret,
        'AwsSolutions-SMG4',
        'the other side of each value is a git host, where Secrets Manager cannot change it; two values are valid during a rotation',
      );
  }
}
