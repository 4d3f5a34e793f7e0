import * as z from 'zod';
import { inert, tagList, unit } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
const MAX_ACTIONS = 5;
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;
const HOUR_SECONDS = 3600;

const actions = z.array(z.string()).max(MAX_ACTIONS).default([]);
const count = z.coerce.number().int().min(1);
const period = z.coerce
  .number()
  .int()
  .refine(
    (seconds) => [10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0),
    'a period has 10, 20 or 30 seconds, or whole minutes',
  );
const dimensions = z
  .array(z.strictObject({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) }))
  .max(30)
  .refine((all) => new Set(all.map(({ Name }) => Name)).size === all.length, 'two dimensions have one Name');
const STATISTICS = ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'] as const;
const EXTENDED = /^(?:p|tm|wm|tc|ts)\d{1,2}(?:\.\d{1,10})?$|^p100$|^(?:TM|WM|TC|TS|PR)\(.+\)$|^IQM$/;

const isStatistic = (stat: string): boolean => STATISTICS.some((each) => each === stat);

const metricSchema = z.strictObject({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensions.optional(),
});
const queriesSchema = z
  .array(
    z
      .strictObject({
        Id: z
          .string()
          .regex(/^[a-z]\w{0,254}$/, 'an id begins with a small letter, and holds letters, digits and _'),
        Expression: z
          .string()
          .refine(
            (text) => !/\bSEARCH\s*\(/.test(text),
            'SEARCH is not supported on metric alarms: name the metrics',
          )
          .optional(),
        Label: z.string().optional(),
        ReturnData: templateBoolean.default(true),
        Period: period.optional(),
        AccountId: z.string().optional(),
        MetricStat: z
          .strictObject({
            Metric: metricSchema,
            Period: period,
            Stat: z
              .string()
              .refine(
                (stat) => isStatistic(stat) || EXTENDED.test(stat),
                'is no statistic: expected such as Sum or p99',
              ),
            Unit: z.string().optional(),
          })
          .optional(),
      })
      .refine(
        ({ Expression, MetricStat }) => (Expression === undefined) !== (MetricStat === undefined),
        'a query has an Expression or a MetricStat, one of them',
      ),
  )
  .min(1)
  .max(20)
  .refine(
    (all) => new Set(all.map(({ Id }) => Id)).size === all.length,
    'two queries have one Id: give each its own',
  )
  .refine(
    (all) => all.filter(({ ReturnData }) => ReturnData).length === 1,
    'one query has ReturnData true, and no other',
  );

/** AWS::CloudWatch::Alarm, of which every rule but that for anomalies is held against what CloudWatch takes. */
export const alarmSchema = z
  .strictObject({
    AlarmName: z.string().min(1).max(255).optional(),
    AlarmDescription: z.string().max(1024).optional(),
    ActionsEnabled: templateBoolean.optional(),
    AlarmActions: actions,
    InsufficientDataActions: actions,
    OKActions: actions,
    ComparisonOperator: z.enum([
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
      'LessThanLowerOrGreaterThanUpperThreshold',
      'LessThanLowerThreshold',
      'GreaterThanUpperThreshold',
    ]),
    EvaluationPeriods: count,
    DatapointsToAlarm: count.optional(),
    Threshold: z.coerce.number().optional(),
    ThresholdMetricId: z.string().optional(),
    TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).optional(),
    EvaluateLowSampleCountPercentile: z.enum(['evaluate', 'ignore']).optional(),
    Namespace: z
      .string()
      .regex(/^[^:].*$/)
      .max(255)
      .optional(),
    MetricName: z.string().min(1).max(255).optional(),
    Dimensions: dimensions.optional(),
    Period: period.optional(),
    Statistic: z.enum(STATISTICS).optional(),
    ExtendedStatistic: z.string().regex(EXTENDED, 'is no statistic: expected such as p99').optional(),
    Metrics: queriesSchema.optional(),
    Unit: inert(unit),
    Tags: inert(tagList),
  })
  .superRefine((alarm, { addIssue }) => {
    for (const problem of problemsOf(alarm)) addIssue(problem);
  });

interface Alarm {
  readonly MetricName?: string | undefined;
  readonly Namespace?: string | undefined;
  readonly Metrics?: z.output<typeof queriesSchema> | undefined;
  readonly ComparisonOperator: string;
  readonly EvaluateLowSampleCountPercentile?: string | undefined;
  readonly Statistic?: unknown;
  readonly ExtendedStatistic?: string | undefined;
  readonly Threshold?: number | undefined;
  readonly ThresholdMetricId?: string | undefined;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number | undefined;
  readonly Period?: number | undefined;
}

function problemsOf(alarm: Alarm): string[] {
  const has = (name: keyof Alarm): boolean => alarm[name] !== undefined;
  const { EvaluationPeriods: periods, DatapointsToAlarm: points = periods, Period: seconds = 0 } = alarm;
  const span = periods * seconds;
  const found: (string | false)[] = [
    has('MetricName') === has('Metrics') && 'an alarm has a MetricName or Metrics, one of them',
    has('Threshold') === has('ThresholdMetricId') &&
      'an alarm has a Threshold or a ThresholdMetricId, one of them',
    has('MetricName') && !has('Namespace') && 'a MetricName needs its Namespace',
    has('MetricName') && !has('Period') && 'a MetricName needs a Period',
    has('MetricName') &&
      has('Statistic') === has('ExtendedStatistic') &&
      'a MetricName needs a Statistic or an ExtendedStatistic, one of them',
    has('Metrics') &&
      (has('Statistic') || has('ExtendedStatistic') || has('Period') || has('Namespace')) &&
      'Metrics have their own Namespace, Period and Stat: leave those of the alarm out',
    BANDS.includes(alarm.ComparisonOperator) !== has('ThresholdMetricId') &&
      `${alarm.ComparisonOperator} goes with ${has('ThresholdMetricId') ? 'a Threshold' : 'a ThresholdMetricId'}`,
    has('EvaluateLowSampleCountPercentile') &&
      !alarm.ExtendedStatistic?.startsWith('p') &&
      'EvaluateLowSampleCountPercentile goes with a percentile alone, as p99 of ExtendedStatistic',
    ...expressionProblems(alarm),
    points > periods && `DatapointsToAlarm ${points} is more than EvaluationPeriods ${periods}`,
    span > (seconds >= HOUR_SECONDS ? WEEK_SECONDS : DAY_SECONDS) &&
      `${periods} periods of ${seconds} seconds are more than an alarm looks back`,
  ];
  return found.filter((problem) => problem !== false);
}

const BANDS = [
  'LessThanLowerOrGreaterThanUpperThreshold',
  'LessThanLowerThreshold',
  'GreaterThanUpperThreshold',
];

/** An expression names other queries by their ids, which begin with a small letter. */
function expressionProblems({ Metrics = [], ThresholdMetricId }: Alarm): string[] {
  const ids = new Set(Metrics.map(({ Id }) => Id));
  const expressions = Metrics.flatMap(({ Expression = '' }) => Expression);
  const named = expressions.flatMap((text) =>
    (text.replaceAll(/"[^"]*"|'[^']*'/g, '').match(/\b[A-Za-z]\w*/g) ?? []).filter((word) =>
      /^[a-z]/.test(word),
    ),
  );
  const unknown = [...named, ThresholdMetricId ?? []].flat().filter((id) => !ids.has(id));
  const open = expressions.filter((text) => text.split('(').length !== text.split(')').length);
  return [
    ...unknown.map((id) => `no query has the Id ${id}`),
    ...open.map((text) => `the brackets of ${text} do not go together`),
  ];
}
