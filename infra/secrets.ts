import { Annotations, RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { usualProvider } from '../events/providers/index.ts';
import { acknowledge } from './acknowledge.ts';
import { expiredCertificates } from './certificates.ts';
import { MAX_STANDARD_BYTES, type Settings } from './settings.ts';

/** Which hosts there are, and what is shared with each. */
export class Secrets extends Construct {
  readonly hosts: StringParameter;
  /** `{ "<host>": "secret" | ["current", "previous"] }` */
  readonly webhook: Secret;
  /** `{ "<host>": { token?, username?, sshKey?, knownHosts? } }`, empty until the operator fills it */
  readonly credentials: Secret;

  constructor(scope: Construct, id: string, { hosts }: Settings) {
    super(scope, id);
    this.hosts = this.hostsParameter(JSON.stringify(hosts));
    this.warnOfExpired(hosts);
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

  /** A parameter of the advanced tier, for which AWS charges, is another one: none goes back to the standard tier. */
  private hostsParameter(stringValue: string): StringParameter {
    return Buffer.byteLength(stringValue) > MAX_STANDARD_BYTES
      ? new StringParameter(this, 'LargeHosts', { stringValue, tier: ParameterTier.ADVANCED })
      : new StringParameter(this, 'Hosts', { stringValue });
  }

  private warnOfExpired(hosts: Settings['hosts']): void {
    for (const [host, { ca = '' }] of Object.entries(hosts))
      for (const expired of expiredCertificates(ca))
        Annotations.of(this).addWarningV2(
          `hookline:expired:${host}`,
          `${expired}: give hookline.hosts.${host}.ca in cdk.json the certificate that followed it`,
        );
  }
}
