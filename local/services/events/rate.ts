import { AwsError, unsupported } from '../../core/aws-error.ts';

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * The milliseconds between two events of a schedule `rate(5 minutes)`.
 * @throws ValidationException for a rate that EventBridge does not take, UnsupportedOperation for `cron(…)`
 */
export function millisecondsOf(expression: string): number {
  if (expression.startsWith('cron(')) throw unsupported(`the schedule ${expression}: write it as rate(…)`);
  const [, count, unit = '', plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  // EventBridge takes "1 minute" and "5 minutes", and neither "1 minutes" nor "5 minute".
  if (count === undefined || (count === '1') === (plural === 's'))
    throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
  return Number(count) * (UNITS[unit] ?? 0);
}
