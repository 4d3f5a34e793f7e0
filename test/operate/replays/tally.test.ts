import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '../../../operate/connection/connection.ts';
import { lastDays } from '../../../operate/days.ts';
import { forecast } from '../../../operate/replays/forecast.ts';
import { countsByRule, histogram, type Tallied, tally } from '../../../operate/replays/tally.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';

const DAY = 86_400_000;
// Midday, so that hours around it are of the same day.
const MIDDAY = Math.floor(Date.now() / DAY) * DAY - 3 * DAY + DAY / 2;

let hookline: Hookline;
let connection: Connection;

/** A record as the machine leaves it, of an execution that is kept no more. */
const put = async (
  receivedAt: string,
  { rule = 'default', deliveryId = receivedAt, replayName = '' } = {},
) => {
  const { deliveriesTable, stateMachineArn } = hookline.outputs;
  await connection.dynamo.send(
    new PutCommand({
      TableName: deliveriesTable,
      Item: {
        id: `${rule}#git.example.com#${deliveryId}#${replayName}`,
        executionArn: `${stateMachineArn.replace(':stateMachine:', ':execution:')}:forgotten`,
        rule,
        replayName,
        host: 'git.example.com',
        event: 'push',
        deliveryId,
        receivedAt,
        day: receivedAt.slice(0, 10),
        outcome: 'Published',
        updatedAt: receivedAt,
      },
    }),
  );
};
const at = (ms: number): string => new Date(MIDDAY + ms).toISOString();
const whole = (ms: number): string => at(ms).replace('.000Z', 'Z');

beforeAll(async () => {
  hookline = await startHookline();
  connection = await connect(hookline.outputs.stackName, { ...hookline.access });
  for (const day of [0, 1]) for (const second of [0, 1, 2]) await put(whole(day * DAY + second * 1000));
  await put(at(2500));
});
afterAll(async () => {
  connection?.close();
  await hookline?.remove();
});

describe('the tally of a span', () => {
  it('holds what is of the span, from inclusive, to exclusive, with and without fractions of a second', async () => {
    const timesOf = async (from: string, to: string) =>
      (await tally(connection, { from, to })).records.map(({ receivedAt }) => receivedAt).toSorted();
    expect(await timesOf(at(1000), at(2000))).toEqual([whole(1000)]);
    expect(await timesOf(whole(1000), whole(2000))).toEqual([whole(1000)]);
    expect(await timesOf(at(1500), at(2500))).toEqual([whole(2000)]);
    expect(await timesOf(at(1500), at(2501))).toEqual([at(2500), whole(2000)].toSorted());
    expect(await timesOf(at(2000), at(DAY + 1000))).toEqual([whole(2000), at(2500), whole(DAY)].toSorted());
  });

  it('stops at the most that is read, and says that there are more', async () => {
    const span = { from: at(-1000), to: at(2 * DAY) };
    const bounded = await tally(connection, span, 3);
    expect(bounded).toMatchObject({ more: true });
    expect(bounded.records).toHaveLength(3);
    expect(await tally(connection, span, 7)).toMatchObject({ more: false, records: { length: 7 } });
  });
});

describe('a forecast', () => {
  it('counts what cannot be looked into, as its execution is kept no more', async () => {
    expect(await forecast(connection, { from: at(-1000), to: at(DAY / 4) }, [])).toEqual({
      deliveries: 4,
      matches: { default: 0, demo: 0 },
      ignored: { default: 0, demo: 0 },
      unknown: 4,
    });
  });

  it('ends when it is not wanted any more', async () => {
    const gone = new AbortController();
    let asked = 0;
    const work = forecast(
      connection,
      { from: at(-1000), to: at(DAY / 4) },
      [],
      (done) => {
        asked = done;
        gone.abort();
      },
      gone.signal,
    );
    await expect(work).rejects.toThrow('aborted');
    expect(asked).toBe(1);
  });
});

const tallied = (given: Partial<Tallied>): Tallied => ({
  rule: 'default',
  host: 'git.example.com',
  deliveryId: 'one',
  replayName: '',
  receivedAt: '2026-01-31T09:00:00Z',
  ...given,
});

describe('the histogram', () => {
  const span = { from: '2026-01-31T09:00:00.000Z', to: '2026-01-31T10:00:00.000Z' };

  it('counts a delivery once, however many rules and replays took it', () => {
    const records = [tallied({}), tallied({ rule: 'demo' }), tallied({ replayName: 'again' })];
    expect(histogram(records, span, 4)).toEqual([1, 0, 0, 0]);
  });

  it('has a part for each delivery of the span, and none for others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -600, max: 4200 }), { maxLength: 50 }),
        fc.integer({ min: 1, max: 100 }),
        (seconds, parts) => {
          const records = seconds.map((second, index) =>
            tallied({
              deliveryId: String(index),
              receivedAt: new Date(Date.parse(span.from) + second * 1000).toISOString(),
            }),
          );
          const inside = seconds.filter((second) => second >= 0 && second < 3600);
          const counts = histogram(records, span, parts);
          expect(counts).toHaveLength(parts);
          expect(counts.reduce((sum, count) => sum + count)).toBe(inside.length);
        },
      ),
    );
  });
});

describe('the counts of the rules', () => {
  it('are of each day that is asked for', () => {
    const days = lastDays(3, Date.parse('2026-02-01T00:30:00Z'));
    expect(days).toEqual(['2026-01-30', '2026-01-31', '2026-02-01']);
    const records = [
      tallied({}),
      tallied({ rule: 'demo' }),
      tallied({ receivedAt: '2026-02-01T00:00:00Z' }),
      tallied({ receivedAt: '2026-01-29T23:59:59Z' }),
    ];
    expect(countsByRule(records, days)).toEqual({ default: [0, 1, 1], demo: [0, 1, 0] });
  });
});
