import { QUIET } from '../../statemachine/outcomes.ts';
import { type Cursor, cursorText } from './cursor.ts';
import { positionAfter, type RecordedPage } from './recorded-deliveries.ts';
import type { DeliveryRow } from './row.ts';
import type { Unrecorded } from './unrecorded-deliveries.ts';

/** A delivery that a list counts and does not show. */
export type Hidden = Pick<DeliveryRow, 'id' | 'outcome'>;

export interface DeliveryPage {
  readonly rows: readonly DeliveryRow[];
  /** what stands between the rows and is not shown, for a query that hides it */
  readonly hidden: readonly Hidden[];
  /** where the next page begins; undefined at the end */
  readonly cursor?: string | undefined;
  /** ISO time down to which the page holds whatever there is, from where it began */
  readonly reached: string;
}

export interface OutsideTable {
  readonly unclaimed: AsyncGenerator<Unrecorded, undefined>;
  /** gives at its end the time in ms that it came to, when that is not all */
  readonly unmatched: AsyncGenerator<DeliveryRow, number | undefined>;
}

interface MergeOptions {
  readonly from: Cursor;
  readonly limit: number;
  readonly hide: boolean;
}

/** The newest rows of the table and of what is outside of it, as many as a page holds. */
export async function mergePages(
  recorded: RecordedPage,
  others: OutsideTable,
  { from, limit, hide }: MergeOptions,
): Promise<DeliveryPage> {
  const merge = await Merge.begin(recorded, others, from);
  const rows: DeliveryRow[] = [];
  const hidden: Hidden[] = [];
  while (rows.length < limit) {
    const row = await merge.next();
    if (!row) break;
    if (hide && QUIET.includes(row.outcome)) hidden.push({ id: row.id, outcome: row.outcome });
    else rows.push(row);
  }
  const { cursor, reached } = merge.end(rows.length === limit);
  await Promise.all([others.unclaimed.return(undefined), others.unmatched.return(undefined)]);
  return { rows, hidden, cursor: cursor && cursorText(cursor), reached };
}

/** Three lists, each newest first, as one. */
class Merge {
  private taken = 0;
  private token: Cursor['token'];
  private last: Cursor['last'];
  private log: Cursor['log'];
  private lastTime: string | undefined;

  private constructor(
    private readonly recorded: RecordedPage,
    private readonly others: OutsideTable,
    private readonly from: Cursor,
    private unclaimed: IteratorResult<Unrecorded, undefined>,
    private unmatched: IteratorResult<DeliveryRow, number | undefined>,
  ) {
    ({ token: this.token, last: this.last, log: this.log } = from);
  }

  static async begin(recorded: RecordedPage, others: OutsideTable, from: Cursor): Promise<Merge> {
    const [unclaimed, unmatched] = await Promise.all([others.unclaimed.next(), others.unmatched.next()]);
    return new Merge(recorded, others, from, unclaimed, unmatched);
  }

  /** The newest row that is left; undefined at the end, and where the log was read to. */
  async next(): Promise<DeliveryRow | undefined> {
    const fromTable = this.recorded.rows[this.taken];
    const [refused, unmatched] = [this.unclaimed.value, this.unmatched];
    const fromLog = unmatched.done ? undefined : unmatched.value;
    const row = newestOf([fromTable, refused?.row, fromLog]);
    const stopped = this.stoppedAt();
    if (!row || (stopped !== undefined && timeOf(row) <= stopped)) return undefined;
    if (row === fromTable) this.taken += 1;
    else if (refused && row === refused.row) {
      this.last = { time: timeOf(row), arn: row.id };
      this.token = refused.token;
      this.unclaimed = await this.others.unclaimed.next();
    } else {
      this.log = { time: timeOf(row), id: row.id };
      this.unmatched = await this.others.unmatched.next();
    }
    this.lastTime = row.receivedAt;
    return row;
  }

  /** @param isFull whether the page ends because it is full */
  end(isFull: boolean): { cursor: Cursor | undefined; reached: string } {
    const { rows, next, reached } = this.recorded;
    const stopped = this.stoppedAt();
    const end = isFull
      ? (this.lastTime ?? reached)
      : stopped === undefined
        ? reached
        : new Date(stopped).toISOString();
    const lastRow = rows[this.taken - 1];
    const rest = lastRow ? positionAfter(lastRow) : this.from.place;
    const place = this.taken === rows.length ? next : rest;
    const isEnd = place === undefined && this.unclaimed.done && this.unmatched.done && stopped === undefined;
    const log = this.logAt(Date.parse(end));
    return {
      cursor: isEnd ? undefined : { place, token: this.token, last: this.last, log, sparse: !isFull },
      reached: end,
    };
  }

  /** What is newer than the page's end has been read, so that the next page does not read it again. */
  private logAt(end: number): Cursor['log'] {
    return this.log && this.log.time <= end ? this.log : { time: end, id: '' };
  }

  private stoppedAt(): number | undefined {
    return this.unmatched.done ? this.unmatched.value : undefined;
  }
}

const timeOf = ({ receivedAt }: DeliveryRow): number => Date.parse(receivedAt);

/** The newest; of one moment, the first of them. */
function newestOf(rows: readonly (DeliveryRow | undefined)[]): DeliveryRow | undefined {
  return rows
    .filter((row) => row !== undefined)
    .toSorted((a, b) => timeOf(b) - timeOf(a))
    .at(0);
}
