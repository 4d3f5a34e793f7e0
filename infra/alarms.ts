import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeliveryLog } from './delivery-log.ts';
import type { DeliveryMachine } from './delivery-machine.ts';
import type { Functions } from './functions.ts';
import type { Ingress } from './ingress.ts';
import { namesOf } from './names.ts';
import type { Overflow } from './overflow.ts';
import type { Reconcile } from './reconcile.ts';
import type { Rules } from './rules.ts';
import type { Settings } from './settings.ts';
import { ofThisAccount } from './this-account.ts';
import type { Unrecorded } from './unrecorded.ts';

export interface AlarmsProps {
  readonly ingress: Ingress;
  readonly overflow: Overflow;
  readonly machine: DeliveryMachine;
  readonly unrecorded: Unrecorded;
  readonly rules: Rules;
  readonly log: DeliveryLog;
  readonly reconcile: Reconcile | undefined;
  readonly functions: Pick<Functions, 'sweep'>;
  readonly settings: Settings;
}

const period = Duration.minutes(5);
// Anybody may send what is not signed; so many within a period are a wrong secret, or somebody who tries.
const MANY_REFUSED = 50;

// CloudWatch has the newest minutes late, and SQS counts approximately: not every minute has to have a message.
const QUARTER_OF_AN_HOUR = { evaluationPeriods: 15, datapointsToAlarm: 12 };

// An alarm takes ten metrics: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
const RULES_OF_AN_ALARM = 10;

/** Who hears of what went wrong: an alarm for each failure that a person must act on, as a heading of docs/runbook.md says how. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];
  /** who is told, in words */
  readonly tells: string;
  private readonly topic: Topic;
  private readonly prefix: string;

  constructor(
    scope: Construct,
    id: string,
    { ingress, overflow, machine, unrecorded, rules, log, reconcile, functions, settings }: AlarmsProps,
  ) {
    super(scope, id);
    this.prefix = namesOf(settings).alarmPrefix;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    // The policy that asks for TLS replaces the topic's own, by which alarms may publish.
    this.topic.grantPublish(ofThisAccount(this, 'cloudwatch.amazonaws.com'));
    const { alarmEmail } = settings;
    if (alarmEmail) this.topic.addSubscription(new EmailSubscription(alarmEmail));
    this.tells = alarmEmail
      ? `${alarmEmail}, once the link in its mail "AWS Notification - Subscription Confirmation" is followed`
      : `nobody: set alarmEmail in cdk.json and deploy, or subscribe to the topic ${this.topic.topicArn}`;
    this.alarm('DoorFailed', 'webhooks were not taken, and no host sends them again by itself', {
      metric: ingress.failed.with({ period }),
    });
    this.alarm('Throttled', 'webhooks were answered 429, and no host sends them again by itself', {
      metric: ingress.throttled.with({ period }),
    });
    this.alarm('DeadQueue', 'a delivery could not be processed at all', {
      metric: overflow.dead.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
    });
    this.alarm('OverflowAge', 'deliveries wait in the overflow queue', {
      metric: heldBy(overflow.queue),
      periods: QUARTER_OF_AN_HOUR,
    });
    // Both are counted as the execution ends, so that what was refused does not show as failed.
    const refused = machine.refused.with({ period });
    this.alarm('Failed', 'a delivery ended in a failure', {
      metric: new MathExpression({
        expression: 'failed - FILL(refused, 0)',
        usingMetrics: { failed: machine.machine.metricFailed({ period }), refused },
        period,
      }),
    });
    this.alarm('Refused', 'many deliveries were not signed with the secret, or not understood', {
      metric: refused,
      threshold: MANY_REFUSED,
    });
    this.alarm('TimedOut', 'a delivery did not end in time', {
      metric: machine.machine.metricTimedOut({ period }),
    });
    this.alarm('Unrecorded', 'the end of a delivery or of a pipeline could not be recorded', {
      metric: unrecorded.waiting(period),
    });
    if (reconcile)
      this.alarm('ReconcileFailed', 'nobody looks for what a git host never sends again', {
        metric: reconcile.made.function.metricErrors({ period }),
      });
    if (functions.sweep)
      this.alarm('SweepFailed', 'pipelines of branches or requests that are over are not taken down', {
        metric: functions.sweep.function.metricErrors({ period }),
      });
    this.alarm('Unlogged', 'a delivery has no line in the log of deliveries', {
      metric: log.failed.with({ period }),
    });
    for (let at = 0; at < rules.lost.length; at += RULES_OF_AN_ALARM)
      this.alarm(
        at === 0 ? 'Lost' : `Lost ${at / RULES_OF_AN_ALARM + 1}`,
        'a delivery of a rule reached neither the machine nor the queue',
        { metric: sumOf(rules.lost.slice(at, at + RULES_OF_AN_ALARM)) },
      );
    this.all = this.node.children.filter((child) => child instanceof Alarm);
  }

  /** @param id a heading of the runbook, and behind a space which of several alarms it is */
  private alarm(
    id: string,
    alarmDescription: string,
    { metric, threshold = 0, periods = { evaluationPeriods: 1 } }: Watched,
  ): void {
    const [heading = id] = id.split(' ');
    const alarm = new Alarm(this, id, {
      alarmName: `${this.prefix}${id}`,
      alarmDescription: `${alarmDescription}: docs/runbook.md#${heading.toLowerCase()}`,
      metric,
      threshold,
      ...periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}

/** What an alarm looks at. */
interface Watched {
  readonly metric: IMetric;
  readonly threshold?: number;
  /** how long it must be over the threshold; one period by default */
  readonly periods?: Pick<AlarmProps, 'evaluationPeriods' | 'datapointsToAlarm'>;
}

/**
 * How many messages are in a queue or under way, each minute. The age of the oldest leaves out what was received three times,
 * which is what fails: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 * Without FILL: a minute that CloudWatch does not have yet would be one of an empty queue, and keep the alarm from ringing:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function heldBy(queue: IQueue): IMetric {
  const minute = { period: Duration.minutes(1), statistic: 'Maximum' };
  return new MathExpression({
    expression: 'visible + taken',
    usingMetrics: {
      visible: queue.metricApproximateNumberOfMessagesVisible(minute),
      taken: queue.metricApproximateNumberOfMessagesNotVisible(minute),
    },
    period: minute.period,
  });
}

/** The sum of metrics, of which those count that have a value. */
function sumOf(metrics: readonly Metric[]): IMetric {
  const usingMetrics = Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric.with({ period })]));
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, period });
}
