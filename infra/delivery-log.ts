import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule, type EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, ResourcePolicy, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { WEBHOOKS } from '../events/bus-event.ts';
import { cameLine, takenLine } from '../events/delivery-line.ts';
import { DELIVERY_LOG_RULE_NAME, namesOf } from './names.ts';
import type { Settings } from './settings.ts';

/**
 * The log of deliveries: EventBridge writes a line for each delivery that comes to the bus, and one for each rule that takes
 * it. No code of ours runs, and what no rule takes is on record all the same (I11).
 */
export class DeliveryLog extends Construct {
  readonly group: LogGroup;
  /** how often the line of a delivery could not be written */
  readonly failed: Metric;
  /** lets the rules of the bus write: whoever makes a rule with a target in the log has it depend on this */
  readonly policy: ResourcePolicy;
  private readonly bus: EventBus;

  constructor(scope: Construct, id: string, bus: EventBus, settings: Settings) {
    super(scope, id);
    this.bus = bus;
    this.group = new LogGroup(this, 'Group', {
      logGroupName: namesOf(settings).deliveryLog,
      // As long as the table keeps its records.
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.policy = this.writtenByRules(namesOf(settings).deliveryLogPolicy);
    this.failed = new Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { EventBusName: bus.eventBusName, RuleName: DELIVERY_LOG_RULE_NAME },
      statistic: 'Sum',
    });
  }

  /**
   * The rule that takes every delivery once, and not again in a replay.
   * @param after the rules that say what they took: a line of a delivery without theirs would say that none took it
   */
  recordEvery(after: readonly Construct[]): void {
    const rule = new CfnRule(this, 'Every', {
      name: DELIVERY_LOG_RULE_NAME,
      description: 'a line in the log for every delivery, whether or not a rule takes it',
      eventBusName: this.bus.eventBusName,
      eventPattern: { ...WEBHOOKS, 'replay-name': [{ exists: false }] },
      state: 'ENABLED',
      targets: [{ ...this.target(), inputTransformer: cameLine() }],
    });
    rule.node.addDependency(this.policy, ...after);
  }

  /** The target by which a rule says that it took a delivery. */
  takenBy(rule: string): CfnRule.TargetProperty {
    return { ...this.target(), inputTransformer: takenLine(rule) };
  }

  private target(): Pick<CfnRule.TargetProperty, 'id' | 'arn'> {
    const { logGroupName } = this.group;
    const arn = Stack.of(this).formatArn({ service: 'logs', resource: `log-group:${logGroupName}` });
    return { id: 'log', arn };
  }

  /** EventBridge writes to a log group as itself, not as a role. */
  private writtenByRules(resourcePolicyName: string): ResourcePolicy {
    const principals = ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].map(
      (service) => new ServicePrincipal(service),
    );
    const rules = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${this.bus.eventBusName}/*`,
    });
    const resources = [this.group.logGroupArn];
    const conditions = { ArnLike: { 'aws:SourceArn': rules } };
    return new ResourcePolicy(this, 'Policy', {
      resourcePolicyName,
      policyStatements: [
        // AWS does not say that this call names the rule that it is for.
        new PolicyStatement({ principals, actions: ['logs:CreateLogStream'], resources }),
        new PolicyStatement({ principals, actions: ['logs:PutLogEvents'], resources, conditions }),
      ],
    });
  }
}
