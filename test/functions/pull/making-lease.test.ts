import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LEASE_MS, madeOnce, waitFor } from '../../../functions/pull/made-once.ts';
import { MakingLease } from '../../../functions/pull/making-lease.ts';
import { type Steps, startSteps } from '../../support/functions/steps.ts';

let steps: Steps;
let log: string[];
let now: number;
beforeAll(async () => {
  steps = await startSteps({ inMemory: true });
});
afterAll(() => steps?.close());
beforeEach(() => {
  log = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text).trimEnd()) > 0);
  now = 1_700_000_000_000;
  vi.spyOn(Date, 'now').mockImplementation(() => now);
  return () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  };
});

const leaseOf = (key: string) => new MakingLease(`commits/x/${key}`, 1000);
const recordOf = (folder: string) => steps.record('refs', `being made below commits/${folder}`);

describe('the lease of an artifact', () => {
  it('is of one build until it ends', async () => {
    const [mine, other] = [leaseOf('a.zip'), leaseOf('a.zip')];
    expect(await mine.acquire()).toBe(true);
    expect((await recordOf('x'))?.['a.zip']).toEqual({ owner: expect.any(String), expires: now + 1000 });
    expect([await other.acquire(), await mine.acquire()]).toEqual([false, false]);
    now += 1000;
    expect(await other.acquire()).toBe(false);
    now += 1;
    expect(await other.acquire()).toBe(true);
    expect(await leaseOf('b.zip').acquire()).toBe(true);
  });

  it('is renewed and given back by its owner alone', async () => {
    const [mine, other] = [leaseOf('c.zip'), leaseOf('c.zip')];
    await mine.acquire();
    const held = (await recordOf('x'))?.['c.zip'];
    now += 500;
    await other.renew();
    await other.release();
    expect((await recordOf('x'))?.['c.zip']).toEqual(held);
    await mine.renew();
    expect((await recordOf('x'))?.['c.zip']).toEqual({ ...Object(held), expires: now + 1000 });
    await mine.release();
    expect((await recordOf('x'))?.['c.zip']).toBeUndefined();
    await mine.renew();
    expect((await recordOf('x'))?.['c.zip']).toBeUndefined();
  });

  it('clears with it twenty of those that killed builds have left', async () => {
    const of = (name: string) => new MakingLease(`commits/y/${name}.zip`, 1000);
    for (let n = 0; n < 22; n++) await of(`left${n}`).acquire();
    now += 1000;
    const fresh = of('fresh');
    await fresh.acquire();
    await fresh.release();
    expect(Object.keys((await recordOf('y')) ?? {})).toHaveLength(1 + 22);
    now += 1;
    const [living, mine] = [of('living'), of('mine')];
    await living.acquire();
    await mine.acquire();
    await mine.release();
    const left = Object.keys((await recordOf('y')) ?? {}).filter((name) => name !== 'id');
    expect(left).toHaveLength(3);
    expect(left).toContain('living.zip');
  });

  it('is had beside what another release has written there', async () => {
    const Item = { id: { S: 'being made below commits/v' }, odd: { M: {} }, other: { S: 'x' } };
    await new DynamoDBClient().send(new PutItemCommand({ TableName: process.env.REFS_TABLE, Item }));
    expect(await new MakingLease('commits/v/e.zip', 1000).acquire()).toBe(true);
  });

  it('fails where the table cannot be asked', async () => {
    vi.stubEnv('REFS_TABLE', 'no-such-table');
    await expect(leaseOf('d.zip').acquire()).rejects.toThrow();
  });
});

describe('an artifact that another build makes', () => {
  const key = (name: string) => `commits/z/${name}`;
  const never = () => Promise.reject(new Error('it is made'));

  it('is waited for five minutes, and made then', async () => {
    const other = new MakingLease(key('long'), 10 * 60_000);
    await other.acquire();
    let waited = 0;
    const made = await madeOnce({
      key: key('long'),
      find: async () => undefined,
      make: async () => 'made',
      wait: async (ms) => {
        expect(ms).toBe(1000);
        waited += 10_000;
        now += 10_000;
      },
    });
    expect([made, waited]).toEqual(['made', 5 * 60_000]);
  });

  it('is taken once it is there, though a killed build holds the lease', async () => {
    await new MakingLease(key('killed'), 60_000).acquire();
    const finds = [undefined, 'theirs'];
    const waits: number[] = [];
    const made = await madeOnce({
      key: key('killed'),
      find: async () => finds.shift(),
      make: never,
      wait: async (ms) => {
        waits.push(ms);
        now += ms;
      },
    });
    expect([made, waits]).toEqual(['theirs', [1000, 1000]]);
  });

  it('is looked for once more by who has the lease after it', async () => {
    const other = new MakingLease(key('given'), 60_000);
    await other.acquire();
    const finds = [undefined, 'theirs'];
    const made = madeOnce({
      key: key('given'),
      find: async () => finds.shift(),
      make: never,
      wait: () => other.release(),
    });
    expect(await made).toBe('theirs');
    expect(await new MakingLease(key('given'), 1).acquire()).toBe(true);
  });

  it('is told of once', async () => {
    vi.restoreAllMocks();
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
    const wait = waitFor('k.zip');
    const began = Date.now();
    const told = ['another build makes k.zip: waiting for it\n'];
    for (const ms of [1, 20]) {
      const waited = wait(ms);
      expect(log).toEqual(told);
      await waited;
    }
    expect(Date.now() - began).toBeGreaterThanOrEqual(15);
    expect(log).toEqual(told);
  });
});

describe('an artifact that is made', () => {
  it('has its lease renewed every ten seconds, until it is made', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const expires = async () => Object((await recordOf('w'))?.slow).expires;
    const made = madeOnce({
      key: 'commits/w/slow',
      find: async () => undefined,
      wait: async () => undefined,
      make: async () => {
        expect(await expires()).toBe(now + LEASE_MS);
        now += 7000;
        vi.advanceTimersByTime(9999);
        expect(await expires()).toBe(now - 7000 + LEASE_MS);
        vi.advanceTimersByTime(1);
        await vi.waitFor(async () => expect(await expires()).toBe(now + LEASE_MS));
        return 'made';
      },
    });
    expect(await made).toBe('made');
    expect([await expires(), vi.getTimerCount()]).toEqual([undefined, 0]);
  });

  it('is made all the same where its lease cannot be written any more', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const made = madeOnce({
      key: 'commits/w/lost',
      find: async () => undefined,
      wait: async () => undefined,
      make: async () => {
        vi.stubEnv('REFS_TABLE', 'no-such-table');
        vi.advanceTimersByTime(10_000);
        await vi.waitFor(() => expect(log).toHaveLength(1));
        return 'made';
      },
    });
    expect(await made).toBe('made');
    expect(log).toEqual(
      Array(2).fill(expect.stringMatching(/^the lease was not written: ResourceNotFoundException/)),
    );
  });

  it('gives its lease back where it fails', async () => {
    const failing = madeOnce({
      key: 'commits/w/failed',
      find: async () => undefined,
      wait: async () => undefined,
      make: () => Promise.reject(new Error('failed')),
    });
    await expect(failing).rejects.toThrow('failed');
    expect(await recordOf('w')).not.toHaveProperty('failed');
  });
});
