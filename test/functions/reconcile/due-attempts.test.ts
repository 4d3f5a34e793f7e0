import { expect, it } from 'vitest';
import type { HookDelivery } from '../../../events/administration.ts';
import { dueAttempts } from '../../../functions/reconcile/due-attempts.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60;

/** An attempt so many minutes ago. */
const attempt = (guid: string, minutes: number, status_code: number, redelivery = false): HookDelivery => ({
  id: `${guid}-${minutes}`,
  guid,
  delivered_at: new Date(NOW - minutes * MINUTE).toISOString(),
  redelivery,
  event: 'push',
  status: status_code === 0 ? 'timed out' : 'answered',
  status_code,
});
/** What is due by the schedule, or of an operator. @param attempts the newest first */
const due = (attempts: readonly HookDelivery[], patient = true) => {
  const { due, givenUp, next } = dueAttempts(attempts, NOW, { patient });
  const [ids, left] = [due, givenUp].map((some) => some.map(({ id }) => id));
  return { ids, givenUp: left, next: next && (NOW - Date.parse(next)) / MINUTE };
};
/** Attempts of one delivery, so many minutes ago, which all failed. */
const failed = (...minutes: readonly number[]) =>
  minutes.map((each, index) => attempt('a', each, 502, index < minutes.length - 1));

it('what failed without being refused is sent again, the oldest first', () => {
  const attempts = [
    attempt('throttled', 20, 429),
    attempt('fine', 25, 202),
    attempt('timed-out', 30, 0),
    attempt('failed', 40, 502),
    attempt('too-large', 50, 413),
    attempt('refused', 60, 400),
  ];
  const ids = ['failed-40', 'timed-out-30', 'throttled-20'];
  expect(due(attempts)).toEqual({ ids, givenUp: [], next: 40 });
});

it('what a later attempt has brought is done, and so is what it has refused', () => {
  const done = { ids: [], givenUp: [], next: 20 };
  expect(due([attempt('a', 20, 202, true), attempt('a', 40, 502)])).toEqual(done);
  expect(due([attempt('a', 20, 299, true), attempt('a', 40, 502)])).toEqual(done);
  expect(due([attempt('a', 20, 413, true), attempt('a', 40, 502)])).toEqual(done);
  expect(due([attempt('a', 5, 502, true), attempt('a', 20, 300, true), attempt('a', 40, 202)]).ids).toEqual(
    [],
  );
  expect(due([attempt('a', 20, 502, true), attempt('a', 40, 300)]).ids).toEqual(['a-20']);
});

it('an attempt of a moment ago is waited for', () => {
  expect(due(failed(9))).toEqual({ ids: [], givenUp: [], next: 9 });
  expect(due(failed(10)).ids).toEqual(['a-10']);
  expect(due(failed(9, 20), false).ids).toEqual([]);
  expect(due(failed(10, 20), false).ids).toEqual(['a-10']);
});

it('the schedule waits for as long again as a delivery has failed for, and an operator does not', () => {
  expect(due(failed(59, 80, 119))).toEqual({ ids: [], givenUp: [], next: 119 });
  expect(due(failed(60, 80, 120)).ids).toEqual(['a-60']);
  expect(due(failed(59, 80, 119), false).ids).toEqual(['a-59']);
});

it('what has failed for half of the three days is given up by the schedule, and looked at on for an operator', () => {
  expect(due(failed(1.5 * DAY, 3 * DAY))).toEqual({ ids: [`a-${1.5 * DAY}`], givenUp: [], next: 3 * DAY });
  const late = failed(1.5 * DAY - 1, 3 * DAY);
  const last = `a-${1.5 * DAY - 1}`;
  expect(due(late)).toEqual({ ids: [], givenUp: [last], next: 3 * DAY });
  expect(due(late, false)).toEqual({ ids: [last], givenUp: [], next: 3 * DAY });
  expect(due(failed(5, 2 * DAY), false)).toEqual({ ids: [], givenUp: ['a-5'], next: 2 * DAY });
});

it('what is sent again for longer than its first attempt is listed does not begin from the start', () => {
  expect(due(failed(2 * DAY, 2.5 * DAY, 4 * DAY).slice(0, -1))).toMatchObject({
    ids: [],
    givenUp: [`a-${2 * DAY}`],
  });
});

it.each([1, 30, 60])('an outage of %i hours is followed by an attempt within its own length', (hours) => {
  let attempts = [attempt('a', 0, 502)];
  let tries = 0;
  for (let minutes = 15; minutes < 3 * DAY; minutes += 15) {
    const { due } = dueAttempts(attempts, NOW + minutes * MINUTE, { patient: true });
    if (due.length === 0) continue;
    tries += 1;
    if (minutes >= hours * 60) {
      expect(minutes).toBeLessThanOrEqual(2 * hours * 60);
      break;
    }
    attempts = [attempt('a', -minutes, 502, true), ...attempts];
  }
  expect(tries).toBe({ 1: 3, 30: 8, 60: 9 }[hours]);
});
