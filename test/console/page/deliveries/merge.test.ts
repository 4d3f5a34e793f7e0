import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryPage, DeliveryRow } from '../../../../console/api.ts';
import {
  type LoadedRows,
  newList,
  withNewest,
  withOlder,
} from '../../../../console/page/deliveries/merge.ts';
import { rowSchema } from '../../../../operate/deliveries/index.ts';

const START = Date.parse('2026-01-31T09:00:00Z');
const SECOND = 1000;
const at = (second: number): string => new Date(START + second * SECOND).toISOString();

/** The delivery that was received in a second; it passes the filter or not. */
function row(second: number): DeliveryRow {
  const [receivedAt, updatedAt] = [at(second), at(second + 1)];
  const names = { executionArn: 'arn', rule: 'default', host: 'github.com', event: 'push' };
  return rowSchema.parse({ ...names, id: `row ${second}`, deliveryId: `${second}`, receivedAt, updatedAt });
}

/** A page as the server answers it, of a table that has a delivery in each second. */
function page(from: number, { limit, reads, passes }: Bounds): DeliveryPage {
  const rows: DeliveryRow[] = [];
  let second = from;
  for (let read = 0; second >= 0 && read < reads && rows.length < limit; read += 1, second -= 1)
    if (passes(second)) rows.push(row(second));
  const reached = second < 0 ? at(0) : at(second + 1);
  return { rows, cursor: second < 0 ? undefined : `${second}`, reached };
}

interface Bounds {
  readonly limit: number;
  readonly reads: number;
  readonly passes: (second: number) => boolean;
}

const ms = (second: number): number => START + second * SECOND;
const seconds = ({ rows }: LoadedRows): number[] => rows.map(({ deliveryId }) => Number(deliveryId));

describe('a newest page that holds nothing but reaches down to what is loaded', () => {
  const rare: Bounds = { limit: 10, reads: 200, passes: (second) => second === 5 };
  const found = (): LoadedRows => {
    const head = newList(page(999, rare), ms(1000));
    const deep = withOlder(head, { rows: [row(5)], cursor: '4', reached: at(5) });
    expect(seconds(deep)).toEqual([5]);
    return deep;
  };

  it('takes nothing of it away, and the search goes on where it was', () => {
    const list = withNewest(found(), page(1019, rare), ms(1020));
    expect(seconds(list)).toEqual([5]);
    expect(list.cursor).toBe('4');
  });

  it('begins the list anew when it does not: what lies between is not known', () => {
    const list = withNewest(found(), page(4999, rare), ms(5000));
    expect(list).toEqual({ rows: [], cursor: '4799', seen: ms(5000) });
  });
});

describe('the list of deliveries', () => {
  it('a row that is newer than some of the newest page stands where its time is', () => {
    const list: LoadedRows = { rows: [row(9), row(7), row(5)], cursor: '4', seen: ms(10) };
    const newest = { rows: [row(10), row(8), row(7)], cursor: '6', reached: at(7) };
    expect(seconds(withNewest(list, newest, ms(11)))).toEqual([10, 9, 8, 7, 5]);
  });
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('poll' as const), arrived: fc.nat(150) }),
  fc.record({ kind: fc.constant('older' as const) }),
);
const bounds = fc.record({
  limit: fc.integer({ min: 1, max: 40 }),
  reads: fc.integer({ min: 1, max: 200 }),
  every: fc.integer({ min: 1, max: 50 }),
});

describe('the list of deliveries', () => {
  it('whatever order pages come in, the list is the table without a hole, and loses nothing while the pages meet', () => {
    fc.assert(
      fc.property(bounds, fc.nat(500), fc.array(step, { maxLength: 30 }), (given, kept, steps) => {
        const { limit, reads, every } = given;
        const options: Bounds = { limit, reads, passes: (second) => second % every === 0 };
        let now = kept + 1;
        let list = newList(page(now - 1, options), ms(now));
        for (const one of steps) {
          const before = list;
          if (one.kind === 'older') {
            if (list.cursor !== undefined) list = withOlder(list, page(Number(list.cursor), options));
            expect(seconds(list)).toEqual(expect.arrayContaining(seconds(before)));
          } else {
            now += one.arrived;
            const newest = page(now - 1, options);
            list = withNewest(list, newest, ms(now));
            const shared = newest.rows.some(({ id }) => before.rows.some((known) => known.id === id));
            if (shared || newest.cursor === undefined || one.arrived + 60 < now - 1 - Number(newest.cursor))
              expect(seconds(list)).toEqual(expect.arrayContaining(seconds(before)));
          }
          const down = list.cursor === undefined ? -1 : Number(list.cursor);
          const table = Array.from({ length: now - 1 - down }, (_, index) => now - 1 - index);
          expect(seconds(list)).toEqual(table.filter(options.passes));
        }
      }),
    );
  });
});
