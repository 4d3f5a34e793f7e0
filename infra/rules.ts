import { Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { busRuleName } from '../events/bus-event.ts';
import type { NamedRule } from '../events/rule.ts';
import { ruleInput, templatePattern } from '../events/rule-input.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { DeliveryMachine } from './delivery-machine.ts';
import { namesOf } from './names.ts';
import type { Overflow } from './overflow.ts';
import type { Settings } from './settings.ts';
import { ofThisAccount } from './this-account.ts';

export interface RulesProps {
  readonly bus: EventBus;
  readonly machine: DeliveryMachine;
  readonly overflow: Overflow;
  readonly log: DeliveryLog;
  readonly rules: readonly NamedRule[];
  readonly settings: Settings;
}

/** A rule of the bus for each file of `events/rules`, each starting the machine. */
export class Rules extends Construct {
  /** how often an event of each rule reached neither the machine nor the overflow queue */
  readonly lost: readonly Metric[];

  constructor(scope: Construct, id: string, { bus, machine, overflow, log, rules, settings }: RulesProps) {
    super(scope, id);
    const onBus = (rule: NamedRule): string => busRuleName(namesOf(settings).bus, rule.name);
    const role = new Role(this, 'Role', { assumedBy: ofThisAccount(this, 'events.amazonaws.com') });
    machine.machine.grantStartExecution(role);
    overflow.queue.addToResourcePolicy(sendStatement(bus, overflow));
    const toMachine = (rule: NamedRule): CfnRule.TargetProperty => ({
      id: 'machine',
      arn: machine.machine.stateMachineArn,
      roleArn: role.roleArn,
      inputTransformer: ruleInput(rule),
      deadLetterConfig: { arn: overflow.queue.queueArn },
      // EventBridge tries for a day; what still does not fit goes to the overflow queue.
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
    });
    const made = rules.map((rule) => {
      const ruleOnBus = new CfnRule(this, rule.name, {
        name: onBus(rule),
        description: rule.description,
        eventBusName: bus.eventBusName,
        state: 'ENABLED',
        targets: [toMachine(rule), log.takenBy(rule.name)],
      });
      // The CDK's own property takes no text.
      ruleOnBus.addPropertyOverride('EventPattern', templatePattern(rule));
      return ruleOnBus;
    });
    // A rule is in force at once: what it may not hand on, and its queue does not take, is gone.
    for (const rule of made) rule.node.addDependency(role, overflow.queue, log.policy);
    log.recordEvery(made);
    this.lost = rules.map((rule) => lostDeliveriesOf(bus, onBus(rule)));
  }
}

function lostDeliveriesOf(bus: EventBus, RuleName: string): Metric {
  return new Metric({
    namespace: 'AWS/Events',
    metricName: 'InvocationsFailedToBeSentToDlq',
    dimensionsMap: { EventBusName: bus.eventBusName, RuleName },
    statistic: 'Sum',
  });
}

/** One statement for every rule of the bus: SQS takes 20 in a policy. */
function sendStatement(bus: EventBus, { queue }: Overflow): PolicyStatement {
  const rules = Stack.of(bus).formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: `${bus.eventBusName}/*`,
  });
  return new PolicyStatement({
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnLike: { 'aws:SourceArn': rules } },
  });
}
