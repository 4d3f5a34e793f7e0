import { Annotations, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { usualProvider } from '../events/providers/index.ts';
import type { Compute } from '../events/pull-options.ts';
import { acknowledge } from './acknowledge.ts';
import { expiredCertificates } from './certificates.ts';
import { hostsBytes, MAX_STANDARD_BYTES } from './host-settings.ts';
import type { Settings } from './settings.ts';

/** Which hosts there are, and what is shared with each. */
export class Secrets extends Construct {
  readonly hosts: StringParameter;
  /** `{ "<host>": "secret" | ["current", "previous"] }` */
  readonly webhook: Secret;
  /** `{ "<host>": { id, privateKey } }`: the hosts' Apps, where a host may have one. No build reads it */
  readonly apps: Secret | undefined;
  /** of each host `{ "<host>": { token?, username?, sshKey?, knownHosts?, app? } }`, empty until the operator fills it */
  private readonly credentials: ReadonlyMap<string, Secret>;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: Settings,
  ) {
    super(scope, id);
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
    acknowledgeNoRotation(this.webhook);
    const { hosts } = settings;
    this.credentials = new Map(Object.keys(hosts).map((host) => [host, this.credential(host)]));
    this.apps = hasApps(settings) ? this.appsSecret() : undefined;
    this.hosts = this.hostsParameter(hosts);
    this.warnOfExpired(hosts);
  }

  /** The secrets of the hosts that a pull of this compute may be of: only EC2 compute reaches a host in the VPC. */
  credentialArns(compute: Compute = 'ec2'): string[] {
    const { hosts } = this.settings;
    const reached = [...this.credentials].filter(([host]) => compute === 'ec2' || !hosts[host]?.vpc);
    return reached.map(([, secret]) => secret.secretArn);
  }

  private credential(host: string): Secret {
    return this.empty(
      host === usualProvider.usualHost.name ? 'Credentials' : `Credentials-${host}`,
      `What clones the repositories of ${host} and writes commit statuses there`,
    );
  }

  private appsSecret(): Secret {
    return this.empty('Apps', 'The App of each host that has one: its id and its private key');
  }

  /** A secret that the operator fills: nothing secret stands in the template. */
  private empty(id: string, description: string): Secret {
    const secret = new Secret(this, id, {
      description,
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledgeNoRotation(secret);
    return secret;
  }

  /** A parameter of the advanced tier, for which AWS charges, is another one: none goes back to the standard tier. */
  private hostsParameter(hosts: Settings['hosts']): StringParameter {
    const withSecrets = Object.entries(hosts).map(([name, host]) => [
      name,
      { ...host, credentialSecret: this.credentials.get(name)?.secretArn },
    ]);
    const stringValue = Stack.of(this).toJsonString(Object.fromEntries(withSecrets));
    return hostsBytes(hosts) > MAX_STANDARD_BYTES
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

/** Whether the credential of a host may be an App. */
const hasApps = ({ hosts }: Settings): boolean => Object.values(hosts).some(({ app }) => app);

function acknowledgeNoRotation(secret: Secret): void {
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'the other side of each value is a git host, where Secrets Manager cannot change it; two values are valid during a rotation',
  );
}
