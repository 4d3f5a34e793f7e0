import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowSchema } from '../../../operate/deliveries/row.ts';
import { endingOf, percentile, summaryOf } from '../../../operate/overview/summary.ts';

const START = Date.parse('2026-01-31T00:00:00Z');
const HOUR = 3_600_000;
const span = { from: START, to: START + 24 * HOUR };

const row = (hour: number, more: Partial<Record<string, string>> = {}) => {
  const receivedAt = new Date(START + hour * HOUR).toISOString();
  const id = `${hour} ${JSON.stringify(more)}`;
  return rowSchema.parse({
    ...{ id, executionArn: id, rule: 'default', host: 'h', event: 'push', deliveryId: String(hour) },
    ...{ repository: 'acme/app', receivedAt, updatedAt: receivedAt, outcome: 'Published', ...more },
  });
};
const started = (hour: number, seconds: number, more = {}) =>
  row(hour, {
    outcome: 'PipelineStarted',
    updatedAt: new Date(START + hour * HOUR + seconds * 1000).toISOString(),
    ...more,
  });

describe('the summary of a span', () => {
  it('counts how deliveries ended, in all and in each part of the span', () => {
    const rows = [
      row(23.9, { outcome: '' }),
      row(5, { outcome: 'PullFailed' }),
      row(4.5, { outcome: 'Ignored' }),
      row(4, { outcome: 'Stopped' }),
      row(0),
    ];
    const { counts, parts } = summaryOf(rows, span);
    expect(counts).toEqual({ done: 1, failed: 1, running: 1, stopped: 1, quiet: 1 });
    expect(parts).toHaveLength(24);
    expect(parts[0]).toMatchObject({ done: 1 });
    expect(parts[4]).toMatchObject({ quiet: 1, stopped: 1 });
    expect(parts[5]).toMatchObject({ failed: 1 });
    expect(parts[23]).toMatchObject({ running: 1 });
  });

  it('has the time from webhook to pipeline, without what somebody ran again', () => {
    const rows = [1, 2, 3, 4, 100].map((seconds, hour) => started(hour, seconds));
    const again = started(9, 9000, { replayName: 'redeliver-1' });
    expect(summaryOf([...rows, again], span).waits).toEqual({ p50: 3000, p95: 100_000 });
    expect(summaryOf([row(1)], span).waits).toBeUndefined();
  });

  it('has repositories and rules, those with the most runs first', () => {
    const rows = [
      row(3, { repository: 'acme/b' }),
      row(2, { repository: 'acme/b' }),
      row(1),
      row(0, { repository: '' }),
    ];
    const { repositories, rules } = summaryOf(rows, span);
    expect(repositories.map(({ name, counts }) => [name, counts.done])).toEqual([
      ['acme/b', 2],
      ['acme/app', 1],
    ]);
    expect(rules).toMatchObject([{ name: 'default', counts: { done: 4 } }]);
  });

  it('has what fails now by its cause, and not what has ended well since', () => {
    const failed = (hour: number, error: string, more = {}) =>
      row(hour, { outcome: 'PullFailed', error, ...more });
    const rows = [
      row(9, { deliveryId: 'mended', replayName: 'redeliver-1' }),
      failed(8, 'HostUnreachable'),
      failed(7, 'RepositoryMissing'),
      failed(6, 'RepositoryMissing'),
      failed(5, 'CredentialRefused', { deliveryId: 'mended' }),
    ];
    expect(summaryOf(rows, span).causes).toMatchObject([
      { outcome: 'PullFailed', error: 'RepositoryMissing', count: 2, newest: { deliveryId: '7' } },
      { outcome: 'PullFailed', error: 'HostUnreachable', count: 1, newest: { deliveryId: '8' } },
    ]);
  });

  it('counts the name of an error that ended an execution as failed', () => {
    expect(endingOf({ outcome: 'States.Runtime' })).toBe('failed');
    expect(endingOf({ outcome: 'Pending' })).toBe('running');
  });
});

describe('a percentile', () => {
  it('is a value that at least so many of all do not exceed, and no smaller one is', () => {
    const sorted = fc.array(fc.nat(), { minLength: 1 }).map((values) => values.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(sorted, fc.constantFrom(0.5, 0.95, 1), (values, share) => {
        const found = percentile(values, share);
        const upTo = (most: number) => values.filter((value) => value <= most).length / values.length;
        expect(upTo(found)).toBeGreaterThanOrEqual(share);
        const smaller = values.filter((value) => value < found).at(-1);
        if (smaller !== undefined) expect(upTo(smaller)).toBeLessThan(share);
      }),
    );
  });
});
