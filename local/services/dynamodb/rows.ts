import { createHash } from 'node:crypto';
import type { Range, Write } from 'dynalite/db/index.js';
import type { Collection, Store } from '../../core/store.ts';

/** A row as JSON. One whose key is too long for the store has the key beside it. */
type Row = string | { readonly key: string; readonly json: string };

/** A row with its whole key. */
interface Found {
  readonly key: string;
  readonly json: string;
}

/** Rows by keys of any length, in the order of their keys. */
export interface Rows {
  get(key: string): string | undefined;
  /** all of these land together or not at all; resolved means on disk */
  write(writes: readonly Write[]): Promise<void>;
  entries(range: Range): Iterable<Found>;
}

// The store takes 1,978 bytes. DynamoDB takes 3,072, which are twice as many hexadecimal digits.
const LONGEST = 1500;
const PAGE = 100;
// Above every character of a key, which are letters, digits and `-./_~`.
const ABOVE = '\u00ff';

export function rowsOf(store: Store): Rows {
  const rows = store.collection<Row>('dynamodb/rows');
  const carryOut = (write: Write): Promise<void> => {
    const key = shortened(write.key);
    if (write.type === 'del') return rows.remove(key);
    const json = JSON.stringify(write.value);
    return rows.put(key, key === write.key ? json : { key: write.key, json });
  };
  return {
    get: (key) => {
      const row = rows.get(shortened(key));
      return typeof row === 'object' ? row.json : row;
    },
    write: async (writes) => {
      if (writes.length > 1) await store.transaction(() => writes.forEach((write) => void carryOut(write)));
      else await Promise.all(writes.map(carryOut));
    },
    entries: (range) => within(rows, range),
  };
}

/** Keys that begin alike for so long stand together, in the order of their hashes. */
function shortened(key: string): string {
  if (key.length <= LONGEST) return key;
  return `${key.slice(0, LONGEST)}~${createHash('sha256').update(key).digest('hex')}`;
}

function* within(rows: Collection<Row>, range: Range): Generator<Found> {
  let left = range.limit === undefined || range.limit < 0 ? Number.POSITIVE_INFINITY : range.limit;
  if (left === 0) return;
  for (const found of inOrder(rows, range)) {
    if (!isIn(range, found.key)) continue;
    yield found;
    left -= 1;
    if (left === 0) return;
  }
}

const isIn = ({ gt, gte, lt, lte }: Range, key: string): boolean =>
  (gt === undefined || key > gt) &&
  (gte === undefined || key >= gte) &&
  (lt === undefined || key < lt) &&
  (lte === undefined || key <= lte);

/** The rows of a range, and some at its ends that are not of it. */
function* inOrder(rows: Collection<Row>, range: Range): Generator<Found> {
  const alike: Found[] = [];
  const sorted = (): Found[] => {
    const direction = range.reverse ? -1 : 1;
    return alike.splice(0).sort((a, b) => (a.key < b.key ? -direction : direction));
  };
  for (const { key, value } of pages(rows, range)) {
    const found = typeof value === 'string' ? { key, json: value } : value;
    const isAlike = alike[0]?.key.slice(0, LONGEST) === found.key.slice(0, LONGEST);
    if (!isAlike) yield* sorted();
    if (typeof value === 'string') yield found;
    else alike.push(found);
  }
  yield* sorted();
}

/** Page by page: whoever reads slowly keeps no old state of the store. */
function* pages(rows: Collection<Row>, range: Range): Generator<{ key: string; value: Row }> {
  const low = (range.gt ?? range.gte ?? '').slice(0, LONGEST);
  const high = `${(range.lt ?? range.lte ?? '').slice(0, LONGEST)}${ABOVE}`;
  const { reverse = false } = range;
  let last: string | undefined;
  for (;;) {
    const bounds = reverse ? { start: last ?? high, reverse } : { start: last ?? low, end: high };
    // A page begins with the last row of the one before.
    const page = [...rows.entries({ ...bounds, limit: PAGE })];
    for (const { key, value } of page) {
      if (key === last) continue;
      if (reverse && String(key) < low) return;
      yield { key: String(key), value };
    }
    if (page.length < PAGE) return;
    last = String(page.at(-1)?.key);
  }
}
