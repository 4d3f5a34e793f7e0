import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { NamedRule } from '../events/rule.ts';
import { bundledRule } from '../events/rule-input.ts';
import { allowApps } from './app-grants.ts';
import type { DeliveryMachine } from './delivery-machine.ts';
import { HooklineFunction } from './hookline-function.ts';
import type { Ingress } from './ingress.ts';
import { type Network, networkOfHosts } from './network.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';

export interface ReconcileProps {
  readonly storage: Storage;
  readonly secrets: Secrets;
  readonly rules: readonly NamedRule[];
  readonly machine: DeliveryMachine;
  readonly ingress: Ingress;
  readonly settings: Settings;
  readonly network: Network | undefined;
}

// Its looks end a minute before.
const TIMEOUT = Duration.minutes(5);

/** Reconcile, unless the setting leaves it out. */
export function reconcileOf(scope: Construct, props: ReconcileProps): Reconcile | undefined {
  const { reconcile } = props.settings;
  return reconcile ? new Reconcile(scope, 'Reconcile', { ...props, ...reconcile }) : undefined;
}

/** Fetches by a schedule what a git host never sends again. */
export class Reconcile extends Construct {
  readonly made: HooklineFunction;

  constructor(scope: Construct, id: string, props: ReconcileProps & { readonly minutes: number }) {
    super(scope, id);
    const { storage, secrets, rules, machine, settings, network, minutes } = props;
    this.made = new HooklineFunction(this, 'reconcile', {
      name: 'reconcile',
      description: 'Fetches what a git host never sends again',
      environment: {
        HOSTS_PARAMETER: secrets.hosts.parameterName,
        WEBHOOK_SECRET_ARN: secrets.webhook.secretArn,
        REFS_TABLE: storage.refs.tableName,
        STATE_MACHINE_ARN: machine.machine.stateMachineArn,
        DOORS: doors(props),
      },
      constants: { HOOKLINE_RULES: JSON.stringify(rules.map(bundledRule)) },
      timeout: TIMEOUT,
      network: networkOfHosts(network, settings),
      settings,
    });
    this.made.allow(['ssm:GetParameter'], [secrets.hosts.parameterArn]);
    this.made.allow(
      ['secretsmanager:GetSecretValue'],
      [secrets.webhook.secretArn, ...secrets.credentialArns()],
    );
    allowApps(this.made, secrets);
    this.made.allow(['dynamodb:Scan', 'dynamodb:GetItem', 'dynamodb:PutItem'], [storage.refs.tableArn]);
    this.made.allow(['states:StartExecution'], [machine.machine.stateMachineArn]);
    new Rule(this, 'Schedule', {
      description: 'Looks for what a git host never sends again',
      schedule: Schedule.rate(Duration.minutes(minutes)),
      targets: [new LambdaFunction(this.made.function)],
    });
  }
}

/** What the addresses of our webhooks begin with, with spaces between; the key of the door stands behind. */
const doors = ({ ingress, settings: { domain } }: ReconcileProps): string =>
  [ingress.url, ...(domain ? [`https://${domain.name}/`] : [])].join(' ');
