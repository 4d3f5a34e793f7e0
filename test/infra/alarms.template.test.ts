import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { synthesized, templateOf } from '../support/variants/synthesized.ts';

const statSchema = z.object({
  Metric: z.object({ MetricName: z.string() }),
  Stat: z.string(),
  Period: z.number(),
});
const alarmSchema = z.object({
  AlarmName: z.string(),
  ComparisonOperator: z.string(),
  Threshold: z.number(),
  TreatMissingData: z.string(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number().optional(),
  MetricName: z.string().optional(),
  Statistic: z.string().optional(),
  Period: z.number().optional(),
  Metrics: z
    .array(z.object({ Id: z.string(), Expression: z.string().optional(), MetricStat: statSchema.optional() }))
    .default([]),
});
type Alarm = z.infer<typeof alarmSchema>;

const alarmsOf = (variant: string): Alarm[] =>
  Object.values(templateOf(variant).Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::CloudWatch::Alarm' ? [alarmSchema.parse(Properties)] : [],
  );

/** What is looked at: a statistic of a metric, or an expression with such in the place of their ids; a summand once. */
function watched({ MetricName, Statistic, Metrics }: Alarm): string {
  const stats = new Map(
    Metrics.map(({ Id, MetricStat }) => [Id, `${MetricStat?.Stat} ${MetricStat?.Metric.MetricName}`]),
  );
  const expression = Metrics.find(({ Expression }) => Expression !== undefined)?.Expression;
  if (expression === undefined) return `${Statistic} ${MetricName}`;
  return [...new Set(expression.replace(/\b[a-z]\w*/g, (id) => stats.get(id) ?? id).split(' + '))].join(
    ' + ',
  );
}

const periodsOf = ({ Period, Metrics }: Alarm): number[] =>
  [Period, ...Metrics.map(({ MetricStat }) => MetricStat?.Period)].filter((period) => period !== undefined);

describe('an alarm', () => {
  const watches = new Map([
    ['DoorFailed', 'Sum 5XXError'],
    ['Throttled', 'Sum Throttled'],
    ['DeadQueue', 'Maximum ApproximateNumberOfMessagesVisible'],
    // The age of the oldest message leaves out one that was received three times.
    [
      'OverflowAge',
      'Maximum ApproximateNumberOfMessagesVisible + Maximum ApproximateNumberOfMessagesNotVisible',
    ],
    ['Failed', 'Sum ExecutionsFailed - FILL(Sum Refused, 0)'],
    ['Refused', 'Sum Refused'],
    ['TimedOut', 'Sum ExecutionsTimedOut'],
    [
      'Unrecorded',
      'FILL(Maximum ApproximateNumberOfMessagesVisible, 0) + FILL(Sum DestinationDeliveryFailures, 0)',
    ],
    ['ReconcileFailed', 'Sum Errors'],
    ['SweepFailed', 'Sum Errors'],
    ['Unlogged', 'Sum FailedInvocations'],
    ['Lost', 'FILL(Sum InvocationsFailedToBeSentToDlq, 0)'],
  ]);
  const alarms = alarmsOf('the example rules').map((alarm) => ({
    ...alarm,
    name: alarm.AlarmName.split(' ')[1] ?? '',
  }));

  it('watches what its name says', () => {
    expect(new Map(alarms.map((alarm) => [alarm.name, watched(alarm)]))).toEqual(watches);
  });

  it('rings at the first one, but for the many that anybody can send unsigned, and not for want of figures', () => {
    for (const { name, ComparisonOperator, Threshold, TreatMissingData } of alarms)
      expect({ name, ComparisonOperator, Threshold, TreatMissingData }).toEqual({
        name,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: name === 'Refused' ? 50 : 0,
        TreatMissingData: 'notBreaching',
      });
  });

  it('rings after five minutes, and where a queue holds a message after twelve of a quarter of an hour', () => {
    for (const alarm of alarms) {
      const { name, EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = alarm;
      const times = { EvaluationPeriods, DatapointsToAlarm, periods: [...new Set(periodsOf(alarm))] };
      const expected =
        name === 'OverflowAge'
          ? { EvaluationPeriods: 15, DatapointsToAlarm: 12, periods: [60] }
          : { EvaluationPeriods: 1, DatapointsToAlarm: 1, periods: [300] };
      expect({ name, ...times }).toEqual({ name, ...expected });
    }
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html: the newest minute comes late.
  it.each(synthesized)('does not need the newest minute where FILL has made it up: $name', ({ name }) => {
    for (const alarm of alarmsOf(name)) {
      const isFilled = JSON.stringify(alarm).includes('FILL(') && periodsOf(alarm).includes(60);
      const { AlarmName, EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = alarm;
      expect([AlarmName, isFilled && DatapointsToAlarm === EvaluationPeriods]).toEqual([AlarmName, false]);
    }
  });
});
