import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { GitFailure } from '../../../functions/pull/git-failure.ts';
import { withRetries } from '../../../functions/pull/retry.ts';
import { failing } from '../../support/functions/failing.ts';

/** A moment after that at which the retries were loaded. */
const began = Date.now();
const waits: number[] = [];
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => void waits.push(ms),
}));

const failure = (stderr: string, retryAfter?: number) =>
  new GitFailure({ command: 'fetch', status: 128, stderr, retryAfter });
const away = (retryAfter?: number) => failure('fatal: the remote end hung up unexpectedly', retryAfter);

describe('an attempt', () => {
  let log: string[];
  beforeEach(() => {
    waits.length = 0;
    log = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
  });
  afterEach(() => void vi.restoreAllMocks());

  it('that succeeds is made once', async () => {
    const { attempt, tries } = failing();
    expect([await withRetries(attempt), tries(), waits, log]).toEqual(['done', 1, [], []]);
  });

  it('is made three times after failures that may pass, with a second and four between them', async () => {
    const { attempt, tries } = failing(away(), away());
    expect([await withRetries(attempt), tries(), waits]).toEqual(['done', 3, [1000, 4000]]);
    expect(log).toEqual([
      expect.stringMatching(/^again in 1 s: .*could not be reached/),
      expect.stringMatching(/^again in 4 s: /),
    ]);
  });

  it('fails with its third failure', async () => {
    const last = away();
    const { attempt, tries } = failing(away(), away(), last, undefined);
    await expect(withRetries(attempt)).rejects.toBe(last);
    expect(tries()).toBe(3);
  });

  it.each([failure('fatal: something else'), new Error('hung up'), { transient: true }])(
    'is not made again after %s',
    async (error) => {
      const { attempt, tries } = failing(error);
      await expect(withRetries(attempt)).rejects.toBe(error);
      expect([tries(), waits]).toEqual([1, []]);
    },
  );

  it('waits as long as the host asks for, and no less than its own pause', async () => {
    await withRetries(failing(away(2), away(2)).attempt);
    expect(waits).toEqual([2000, 4000]);
  });

  it('is the last one after nine minutes of the program: the machine begins a new build', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    vi.setSystemTime(began + 8 * 60_000);
    expect(await withRetries(failing(away(), away()).attempt)).toBe('done');
    for (const [at, rest] of [
      [8 * 60_000, 61],
      [9 * 60_000, 0],
      [11 * 60_000, 0],
    ] as const) {
      vi.setSystemTime(began + at);
      const { attempt, tries } = failing(away(rest));
      await expect(withRetries(attempt)).rejects.toMatchObject({ name: 'HostUnreachable' });
      expect(tries()).toBe(1);
    }
    expect(waits).toEqual([1000, 4000]);
  });

  it('waits two minutes, and ends where the host asks for more', async () => {
    await withRetries(failing(away(120)).attempt);
    expect(waits).toEqual([120_000]);
    const { attempt, tries } = failing(away(121));
    await expect(withRetries(attempt)).rejects.toMatchObject({ retryAfter: 121 });
    expect(tries()).toBe(1);
  });
});
