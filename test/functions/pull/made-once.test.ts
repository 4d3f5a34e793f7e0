import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Making, madeOnce } from '../../../functions/pull/made-once.ts';
import { type Steps, startSteps } from '../../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps({ inMemory: true });
});
afterAll(() => steps?.close());

const never = () => Promise.reject(new Error('it waits for nobody'));
const ID = 'being made below commits/git/acme/app/0123';

/** An artifact that builds make, each when it is let on. */
function artifact(name: string) {
  const key = `commits/git/acme/app/0123/${name}`;
  const made: string[] = [];
  const begun: string[] = [];
  const going = new Map<string, (ends?: Error) => void>();
  /** @param wait what happens while this build waits */
  const build = (who: string, wait: Making<string>['wait'] = never) =>
    madeOnce<string>({
      key,
      find: async () => made[0],
      make: async () => {
        begun.push(who);
        await new Promise<void>((resolve, reject) => {
          going.set(who, (error) => (error ? reject(error) : resolve()));
        });
        made.push(who);
        return who;
      },
      wait,
    });
  const begins = async (who: string) => {
    while (!begun.includes(who)) await new Promise((resolve) => setImmediate(resolve));
  };
  const end = (who: string, error?: Error) => going.get(who)?.(error);
  const lease = async () => (await steps.record('refs', ID))?.[name];
  return { build, begins, end, lease, begun };
}

/** The clock, as builds read it, stands still but for what is added. */
async function clockOf<T>(work: (add: (ms: number) => void) => Promise<T>): Promise<T> {
  let time = Date.now();
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => time);
  try {
    return await work((ms) => {
      time += ms;
    });
  } finally {
    clock.mockRestore();
  }
}

describe('an artifact that two builds want', () => {
  it('is made by the first, and the second takes it', async () => {
    const { build, begins, end, lease, begun } = artifact('once');
    const first = build('first');
    await begins('first');
    let waits = 0;
    const second = build('second', async () => {
      if (++waits === 3) {
        end('first');
        await first;
      }
    });
    expect(await second).toBe('first');
    expect(await first).toBe('first');
    expect(begun).toEqual(['first']);
    expect(await lease()).toBeUndefined();
  });

  it('is made by the second when the first fails', async () => {
    const { build, begins, end, begun } = artifact('failed');
    const first = build('first');
    await begins('first');
    const second = build('second', async () => {
      end('first', new Error('too large'));
      await first.catch(() => undefined);
    });
    await expect(first).rejects.toThrow('too large');
    await begins('second');
    end('second');
    expect(await second).toBe('second');
    expect(begun).toEqual(['first', 'second']);
  });

  it('is made by the second half a minute after the first was killed, and its lease is cleared away', async () => {
    const { build, begins, end, begun, lease } = artifact('killed');
    await clockOf(async (add) => {
      void build('first');
      await begins('first');
      let waited = 0;
      const second = build('second', async (ms) => {
        waited += ms;
        add(ms);
      });
      await begins('second');
      expect(waited).toBe(31_000);
      end('second');
      expect(await second).toBe('second');
    });
    expect(begun).toEqual(['first', 'second']);
    expect(await lease()).toBeUndefined();
    end('first');
  });

  it('of another name is not waited for, and what a killed build has left of that is cleared away', async () => {
    const [other, { build, begins, end }] = [artifact('other'), artifact('own')];
    await clockOf(async (add) => {
      void other.build('killed');
      await other.begins('killed');
      add(31_000);
      const made = build('mine');
      await begins('mine');
      end('mine');
      expect(await made).toBe('mine');
    });
    expect(await other.lease()).toBeUndefined();
    other.end('killed');
  });
});
