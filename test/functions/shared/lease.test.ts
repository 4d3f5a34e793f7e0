import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordClosed } from '../../../functions/shared/closed-requests.ts';
import { readEnds, recordEnd, sharedEndName } from '../../../functions/shared/end-records.ts';
import { LEASE_MS, recordStarted, withLease } from '../../../functions/shared/lease.ts';
import { readStarted, type Started } from '../../../functions/shared/started.ts';
import { type Direct, startDirect } from '../../support/functions/direct.ts';
import { openedRequest, pulledState } from '../../support/functions/steps.ts';

let direct: Direct;
beforeAll(async () => {
  direct = await startDirect();
});
afterAll(() => direct?.close());
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const lock = async (id: string) => (await direct.record('refs', id))?.lock;
const failure = (call: Promise<unknown>) => call.then(() => 'no failure', String);

const started: Started = {
  ...{ commit: 'a'.repeat(40), token: 1, counter: '', atTip: 0, tip: '', before: '', pushedAt: 0, time: '' },
  key: '',
  starts: [],
};
const end = {
  ...{ owner: 'arn:a', executionId: 'e', commit: '', taken: 1, until: 0 },
  ...{ delivery: 'd', replayName: '', told: ['push'], failed: false },
};

describe('a lease', () => {
  it('is its owner’s for twenty seconds, who may take it again', async () => {
    await withLease('kept', 'arn:a', async () => {
      expect(await lock('kept')).toEqual({ owner: 'arn:a', expires: Date.now() + LEASE_MS });
      later(LEASE_MS);
      expect(await failure(withLease('kept', 'arn:b', async () => 1))).toBe(
        'RefBusy: another delivery starts one of the kept; it is tried again',
      );
      expect(await withLease('kept', 'arn:a', async () => 2)).toBe(2);
    });
    await withLease('kept', 'arn:a', async () => {
      later(LEASE_MS + 1);
      expect(await withLease('kept', 'arn:b', async () => 3)).toBe(3);
    });
  });

  it('is given back also by who fails', async () => {
    const work = () => Promise.reject(new Error('broken'));
    expect(await failure(withLease('failed', 'arn:a', work))).toBe('Error: broken');
    expect(await lock('failed')).toBeUndefined();
  });

  it('keeps what was started before, and is needed to record more', async () => {
    await withLease('starts', 'arn:a', () => recordStarted('starts', 'arn:a', 'deploy', started));
    await withLease('starts', 'arn:b', async () => {
      expect(await readStarted('starts', 'deploy')).toEqual(started);
      for (const value of [started, undefined])
        expect(await failure(recordStarted('starts', 'arn:a', 'deploy', value))).toBe(
          'RefBusy: another delivery starts one of the starts; it is tried again',
        );
      await recordStarted('starts', 'arn:b', 'other', started);
      await recordStarted('starts', 'arn:b', 'deploy', undefined);
    });
    expect(await readStarted('starts', 'deploy')).toBeUndefined();
    expect(await readStarted('starts', 'other')).toEqual(started);
    expect(await failure(recordStarted('starts', 'arn:b', 'other', started))).toMatch(/^RefBusy/);
  });
});

describe('the end of a ref', () => {
  it('is recorded and taken back by who has the lease', async () => {
    await withLease('ends', 'arn:a', async () => {
      await recordEnd('ends', 'arn:a', 'ends', 'app', end);
      await recordEnd('ends', 'arn:a', 'ends', 'other', end);
      await recordEnd('ends', 'arn:a', 'ends', 'app', undefined);
    });
    expect(await readEnds('ends')).toEqual({ ends: { other: end }, closed: {} });
    for (const value of [end, undefined])
      expect(await failure(recordEnd('ends', 'arn:a', 'ends', 'other', value))).toBe(
        'RefBusy: another delivery holds the ends; it is tried again',
      );
    expect((await readEnds('ends')).ends).toEqual({ other: end });
    expect(await readEnds('unknown')).toEqual({ ends: {}, closed: {} });
  });

  it('of a request is the last close that was told of', async () => {
    const [first, second] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'];
    const closed = (owner: string, time: string) => recordClosed('closes', owner, 'app', { time });
    await withLease('closes', 'arn:a', async () => {
      for (const time of [second, first]) await closed('arn:a', time);
    });
    expect((await readEnds('closes')).closed).toEqual({ app: second });
    // Nothing is written where nothing changes: the lease is another's by now.
    await closed('arn:a', second);
    expect(await failure(closed('arn:a', '2026-01-01T00:00:02Z'))).toMatch(/^RefBusy/);
  });

  it('of a request is forgotten with what was started for it, once fifty more were closed since', async () => {
    const [id, owner] = ['many', 'arn:a'];
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
    const close = (number: number) => recordClosed(id, owner, `app-${number}`, { time: at(number) });
    await withLease(id, owner, async () => {
      for (const name of ['app-0', 'app-1', 'app-2', 'app-3', 'deploy'])
        await recordStarted(id, owner, name, { ...started, time: at(0) });
      // The second is open again, of the third the teardown runs, and that of the fourth has failed.
      await recordStarted(id, owner, 'app-1', { ...started, time: at(100) });
      await recordEnd(id, owner, 'ends', 'app-0', end);
      await recordEnd(id, owner, 'ends', 'app-2', { ...end, until: Date.now() + 1 });
      await recordEnd(id, owner, 'ends', 'app-3', { ...end, failed: true });
      for (let number = 0; number < 53; number += 1) await close(number);
      expect(Object.keys((await readEnds(id)).closed)).toHaveLength(53);
      await close(53);
    });
    const { started: kept, ends, closed } = Object(await direct.record('refs', id));
    const left = ['app-1', 'app-2', 'app-3'];
    expect(Object.keys(kept).sort()).toEqual([...left, 'deploy']);
    expect(Object.keys(ends).sort()).toEqual(['app-2', 'app-3']);
    const newest = Array.from({ length: 50 }, (_, index) => `app-${index + 4}`);
    expect(Object.keys(closed).sort()).toEqual([...left, ...newest].sort());
  });

  it('of a request is forgotten too where none has an end on record', async () => {
    await withLease('plain', 'arn:a', async () => {
      for (let minute = 0; minute <= 50; minute += 1)
        await recordClosed('plain', 'arn:a', `app-${minute}`, {
          time: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
        });
    });
    const { closed } = await readEnds('plain');
    expect(Object.keys(closed)).toHaveLength(50);
    expect(closed).not.toHaveProperty('app-0');
  });

  it('has the name of the rule’s first name and of what ends: a branch may have several requests', () => {
    const { rule, delivery } = pulledState('refs/heads/topic', {});
    const state = {
      rule: { ...rule, was: ['old'] },
      delivery: { ...delivery, pullRequest: openedRequest('a') },
    };
    expect(sharedEndName({ ...state, route: 'close' })).toBe('old at close of 7');
    expect(sharedEndName({ ...state, route: 'retire' })).toBe('old at retire');
  });
});
