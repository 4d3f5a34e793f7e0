import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { logsService } from '../../../../local/services/logs/index.ts';
import { type FakeCloud, fakeCloud, temporaryFolder } from '../../../../local/testing.ts';

const GROUP = { logGroupName: '/a' };
const STREAMS = ['one', 'two'];
// A minute ago: Logs takes nothing that is too old.
const base = Date.now() - 60_000;
const folder = temporaryFolder();
afterAll(() => folder.remove());

let made = 0;
let cloud: FakeCloud;
beforeEach(async () => {
  made += 1;
  cloud = fakeCloud(`${folder.path}/${made}`);
  cloud.add(logsService(cloud));
  await cloud.request('logs', 'CreateLogGroup', GROUP);
  return () => cloud.close();
});

interface Put {
  readonly stream: string;
  readonly events: readonly { readonly after: number; readonly message: string }[];
}

interface Page {
  readonly events: readonly { readonly message: string; readonly logStreamName?: string }[];
  readonly nextToken?: string;
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

const put = ({ stream, events }: Put) =>
  cloud.request('logs', 'PutLogEvents', {
    ...GROUP,
    logStreamName: stream,
    logEvents: events.map(({ after, message }) => ({ timestamp: base + after, message })),
  });

const ask = (operation: string, input: object) =>
  cloud.request('logs', operation, { ...GROUP, ...input }) as Promise<Page>;

/** Every message of the group, page by page. */
async function filtered(input: object): Promise<string[]> {
  const found: string[] = [];
  for (let nextToken: string | undefined; ; ) {
    const page = await ask('FilterLogEvents', { ...input, ...(nextToken && { nextToken }) });
    found.push(...page.events.map(({ message }) => message));
    nextToken = page.nextToken;
    if (nextToken === undefined) return found;
  }
}

/** Every message of a stream, page by page. */
async function read(logStreamName: string, startFromHead: boolean, more: object): Promise<string[]> {
  const found: string[][] = [];
  for (let nextToken: string | undefined; ; ) {
    const page = await ask('GetLogEvents', {
      ...{ logStreamName, startFromHead, ...more },
      ...(nextToken && { nextToken }),
    });
    const next = startFromHead ? page.nextForwardToken : page.nextBackwardToken;
    const messages = page.events.map(({ message }) => message);
    if (startFromHead) found.push(messages);
    else found.unshift(messages);
    if (next === nextToken || messages.length === 0) return found.flat();
    nextToken = next;
  }
}

const putOf = fc.record({
  stream: fc.constantFrom(...STREAMS),
  // A long text is deflated; some stand more than a second behind the first, and so in a row of their own.
  events: fc
    .array(
      fc.record({
        after: fc.integer({ min: 0, max: 4000 }),
        text: fc.constantFrom('', 'a', 'b'.repeat(900)),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((events) => events.sort((a, b) => a.after - b.after)),
});

describe('events that came together', () => {
  it('are given one by one and in their order, whichever way and in whatever pages they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(putOf, { maxLength: 8 }),
        fc.record({ start: fc.integer({ min: 0, max: 4000 }), length: fc.integer({ min: 0, max: 4000 }) }),
        fc.integer({ min: 1, max: 5 }),
        async (given, { start, length }, limit) => {
          for (const logStreamName of STREAMS)
            await cloud.request('logs', 'CreateLogStream', { ...GROUP, logStreamName });
          let number = 0;
          const all = given.flatMap(({ stream, events }) =>
            events.map(({ after, text }) => ({ stream, after, message: `${number++} ${text}` })),
          );
          let first = 0;
          for (const { stream, events } of given) {
            await put({ stream, events: all.slice(first, first + events.length) });
            first += events.length;
          }
          // Stable: what is of the same millisecond stays in the order in which it came.
          const wanted = all
            .filter(({ after }) => after >= start && after < start + length)
            .sort((a, b) => a.after - b.after);
          const span = { startTime: base + start, limit };
          const ofGroup = wanted.map(({ message }) => message);
          const inclusive = { ...span, endTime: base + start + length - 1 };
          expect(await filtered(inclusive)).toEqual(ofGroup);
          expect(await filtered({ ...inclusive, startFromHead: false })).toEqual(ofGroup.toReversed());
          for (const stream of STREAMS) {
            const own = wanted.filter((event) => event.stream === stream).map(({ message }) => message);
            const exclusive = { ...span, endTime: base + start + length };
            expect(await read(stream, true, exclusive)).toEqual(own);
            expect(await read(stream, false, exclusive)).toEqual(own);
          }
          for (const logStreamName of STREAMS)
            await cloud.request('logs', 'DeleteLogStream', { ...GROUP, logStreamName });
          expect(['events', 'events-by-stream'].flatMap(rowsOf)).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are one row of the store, and a row for each second or 200 of them', async () => {
    await cloud.request('logs', 'CreateLogStream', { ...GROUP, logStreamName: 'one' });
    const events = [0, 500, 1000, 1001, 2500].map((after) => ({ after, message: 'a line' }));
    await put({ stream: 'one', events });
    expect(['events', 'events-by-stream'].map((name) => rowsOf(name).length)).toEqual([3, 3]);
    await put({
      stream: 'one',
      events: Array.from({ length: 500 }, () => ({ after: 0, message: 'a line' })),
    });
    expect(rowsOf('events')).toHaveLength(6);
  });

  it('of an earlier version, a row each, are given with the others', async () => {
    await cloud.request('logs', 'CreateLogStream', { ...GROUP, logStreamName: 'one' });
    const at = [base + 10, 1];
    await cloud.store.collection('logs/events').put(['/a', ...at], {
      ...{ stream: 'one', message: 'old', ingestionTime: base },
    });
    await cloud.store.collection('logs/events-by-stream').put(['/a', 'one', ...at], true);
    const events = [
      { after: 5, message: 'before' },
      { after: 20, message: 'after' },
    ];
    await put({ stream: 'one', events });
    expect(await filtered({})).toEqual(['before', 'old', 'after']);
    expect(await read('one', true, {})).toEqual(['before', 'old', 'after']);
  });
});

const rowsOf = (name: string): unknown[] => [...cloud.store.collection(`logs/${name}`).entries()];
