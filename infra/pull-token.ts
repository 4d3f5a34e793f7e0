import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { allowApps } from './app-grants.ts';
import { HooklineFunction } from './hookline-function.ts';
import { type Network, networkOfHosts } from './network.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

export interface PullTokenProps {
  readonly secrets: Secrets;
  readonly settings: Settings;
  readonly network: Network | undefined;
}

// Two requests of 20 s each at most, their tries included.
const TIMEOUT = Duration.seconds(60);

/** Where a host may have an App, the function that mints the tokens of pulls. */
export function pullTokenOf(scope: Construct, props: PullTokenProps): PullToken | undefined {
  return props.secrets.apps ? new PullToken(scope, 'PullToken', props) : undefined;
}

/** Mints the tokens of pulls, so that no build reads the key of an App. */
export class PullToken extends Construct {
  readonly made: HooklineFunction;

  constructor(scope: Construct, id: string, { secrets, settings, network }: PullTokenProps) {
    super(scope, id);
    this.made = new HooklineFunction(this, 'pull-token', {
      name: 'pull-token',
      description: 'Mints a token by which a pull reads one repository',
      environment: { HOSTS_PARAMETER: secrets.hosts.parameterName },
      timeout: TIMEOUT,
      network: networkOfHosts(network, settings),
      settings,
    });
    this.made.allow(['ssm:GetParameter'], [secrets.hosts.parameterArn]);
    allowApps(this.made, secrets);
  }
}
