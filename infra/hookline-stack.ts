import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { doorPath, usualProvider } from '../events/providers/index.ts';
import type { NamedRule } from '../events/rule.ts';
import { Alarms, type AlarmsProps } from './alarms.ts';
import { Bus } from './bus.ts';
import { checkChecks } from './checks.ts';
import { Dashboard, type DashboardProps } from './dashboard.ts';
import { DeliveryLog } from './delivery-log.ts';
import { DeliveryMachine } from './delivery-machine.ts';
import { encryptBy } from './encryption.ts';
import { checkExample, ExamplePipeline } from './example-pipeline.ts';
import { ExecutionEnds } from './execution-ends.ts';
import { Functions } from './functions.ts';
import { Ingress } from './ingress.ts';
import { Network } from './network.ts';
import { Overflow } from './overflow.ts';
import { PipelineResults } from './pipeline-results.ts';
import { Pull } from './pull.ts';
import { pullTokenOf } from './pull-token.ts';
import { checkReach } from './reach.ts';
import { type Reconcile, reconcileOf } from './reconcile.ts';
import { checkRegion } from './region.ts';
import { constrainRoles } from './roles.ts';
import { Rules } from './rules.ts';
import { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import { Storage } from './storage.ts';
import { Unrecorded } from './unrecorded.ts';

export interface HooklineProps extends StackProps {
  readonly settings: Settings;
  readonly rules: readonly NamedRule[];
}

const ownProps = ({ tags }: Settings): StackProps => ({
  description: 'A git push becomes a running pipeline',
  // The template is the same whatever looks at it while it is made.
  analyticsReporting: false,
  // The archive, what waits in the overflow queue and the histories of executions go with the stack.
  terminationProtection: true,
  // CloudFormation takes a megabyte, of which the white space of many rules would be half.
  suppressTemplateIndentation: true,
  ...(tags ? { tags } : {}),
});

/** The whole of Hookline, a construct for each stage of a delivery. */
export class HooklineStack extends Stack {
  constructor(scope: Construct, id: string, { settings, rules, ...props }: HooklineProps) {
    super(scope, id, { ...ownProps(settings), ...props });
    this.check(rules, settings);
    constrainRoles(this, settings);
    const storage = new Storage(this, 'Storage', settings);
    const secrets = new Secrets(this, 'Secrets', settings);
    const bus = new Bus(this, 'Bus', settings);
    const ingress = new Ingress(this, 'Ingress', { bus: bus.bus, settings });
    const network = settings.vpc && new Network(this, 'Network', settings.vpc);
    const pullToken = pullTokenOf(this, { secrets, settings, network });
    const pull = new Pull(this, 'Pull', { storage, secrets, rules, settings, network, pullToken });
    const example = settings.examplePipeline
      ? new ExamplePipeline(this, 'Example', { storage, settings, rules })
      : undefined;
    const functions = new Functions(this, 'Functions', {
      ...{ storage, secrets, rules, pull, settings, network, example },
      bus: bus.bus,
    });
    const machine = new DeliveryMachine(this, 'Machine', { functions, pull, rules, settings });
    new ExecutionEnds(this, 'Ends', { machine, recordEnd: functions.recordEnd });
    const { pipelineResult } = functions;
    if (pipelineResult) new PipelineResults(this, 'Results', { rules, pipelineResult });
    const unrecorded = new Unrecorded(this, 'Unrecorded', [
      functions.recordEnd,
      ...(pipelineResult ? [pipelineResult] : []),
    ]);
    const overflow = new Overflow(this, 'Overflow', { machine, enrichment: functions.overflow, settings });
    const log = new DeliveryLog(this, 'Log', bus.bus, settings);
    const ruled = new Rules(this, 'Rules', { bus: bus.bus, machine, overflow, log, rules, settings });
    const reconcile = reconcileOf(this, { storage, secrets, rules, machine, ingress, settings, network });
    const parts = { ingress, overflow, machine, functions, pull, unrecorded, reconcile, log, settings };
    const { tells } = this.watch({ ...parts, rules: ruled });
    encryptBy(this, settings);
    this.output({
      WebhookUrl: `${ingress.url}${doorPath(usualProvider, settings.doorKey)}`,
      ...domainOutputs(ingress, settings),
      StateMachineArn: machine.machine.stateMachineArn,
      DeliveryLog: log.group.logGroupName,
      BusName: bus.bus.eventBusName,
      ArchiveName: bus.archiveName,
      ...keptOutputs(storage, secrets),
      DeadQueueUrl: overflow.dead.queueUrl,
      OverflowQueueUrl: overflow.queue.queueUrl,
      UnrecordedQueueUrl: unrecorded.queue.queueUrl,
      PullProjectPrefix: pull.prefix,
      AlarmsTell: tells,
      ...optionalOutputs(reconcile, network),
    });
  }

  /** @throws with what AWS or a delivery would fail at */
  private check(rules: readonly NamedRule[], settings: Settings): void {
    checkRegion(this, rules, settings);
    checkReach(rules, settings);
    checkChecks(rules, settings);
    checkExample(rules, settings);
  }

  /** Who hears of what went wrong, and where all of it is seen. */
  private watch(parts: AlarmsProps & Omit<DashboardProps, 'alarms'>): Alarms {
    const alarms = new Alarms(this, 'Alarms', parts);
    new Dashboard(this, 'Dashboard', { ...parts, alarms: alarms.all });
    return alarms;
  }

  private output(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}

/** Where what outlives every delivery is. */
const keptOutputs = (
  { bucket, deliveries, refs }: Storage,
  { webhook, hosts, apps }: Secrets,
): Record<string, string> => ({
  Bucket: bucket.bucketName,
  DeliveriesTable: deliveries.tableName,
  RefsTable: refs.tableName,
  WebhookSecretArn: webhook.secretArn,
  HostsParameter: hosts.parameterName,
  ...(apps ? { AppsSecretArn: apps.secretArn } : {}),
});

const optionalOutputs = (reconcile?: Reconcile, network?: Network): Record<string, string> => ({
  ...(reconcile ? { ReconcileFunction: reconcile.made.function.functionName } : {}),
  ...(network ? { SecurityGroup: network.securityGroupId } : {}),
});

/** The stage's own address answers too, and is the only one that the local runtime serves. */
const domainOutputs = ({ domainTarget }: Ingress, { domain, doorKey }: Settings): Record<string, string> =>
  domain && domainTarget
    ? { DomainUrl: `https://${domain.name}/${doorPath(usualProvider, doorKey)}`, DomainTarget: domainTarget }
    : {};
