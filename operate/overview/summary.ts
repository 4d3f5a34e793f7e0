import { outcomes, QUIET } from '../../statemachine/outcomes.ts';
import { isRunning } from '../deliveries/fill-outcomes.ts';
import { isWanted, outcomesOf } from '../deliveries/outcome-filter.ts';
import type { DeliveryRow } from '../deliveries/row.ts';
import { groupBy } from '../group.ts';

/** How deliveries ended: `quiet` is what needs nobody, such as a ping. */
export type Ending = 'done' | 'failed' | 'running' | 'stopped' | 'quiet';

export type Counts = Readonly<Record<Ending, number>>;

/** From the webhook to the start of the pipeline, in ms: the middle one, and the one that 95 of 100 stay below. */
export interface Waits {
  readonly p50: number;
  readonly p95: number;
}

/** The runs of one repository, or of one rule. */
export interface Group {
  readonly name: string;
  /** of the newest run */
  readonly host: string;
  readonly counts: Counts;
  /** undefined where no pipeline was started */
  readonly waits?: Waits | undefined;
}

/** Deliveries whose last run failed in the same way. */
export interface Cause {
  readonly outcome: string;
  /** the error by its own name, `''` for an outcome without one */
  readonly error: string;
  readonly count: number;
  /** the newest of them */
  readonly newest: Pick<DeliveryRow, 'id' | 'executionArn' | 'deliveryId' | 'repository' | 'ref' | 'message'>;
}

export interface Summary {
  readonly counts: Counts;
  readonly waits?: Waits | undefined;
  /** the counts of equal parts of the span, the oldest first */
  readonly parts: readonly Counts[];
  /** the most runs first */
  readonly repositories: readonly Group[];
  readonly rules: readonly Group[];
  /** what fails now, the most deliveries first */
  readonly causes: readonly Cause[];
}

/** A span of time in ms since 1970. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

const PARTS = 24;

/** Sums up the runs of a span. @param rows newest first */
export function summaryOf(rows: readonly DeliveryRow[], span: TimeSpan): Summary {
  return {
    counts: countsOf(rows),
    waits: waitsOf(rows),
    parts: partsOf(rows, span),
    repositories: groupsOf(
      rows,
      ({ repository }) => repository,
      ({ host }) => host,
    ),
    rules: groupsOf(rows, ({ rule }) => rule),
    causes: causesOf(rows),
  };
}

const FAILED = outcomesOf('failed');

export function endingOf({ outcome }: Pick<DeliveryRow, 'outcome'>): Ending {
  if (outcome === '' || outcome === 'Pending') return 'running';
  if (outcome === outcomes.stopped) return 'stopped';
  if (QUIET.includes(outcome)) return 'quiet';
  return isWanted(FAILED, outcome) ? 'failed' : 'done';
}

function countsOf(rows: readonly DeliveryRow[]): Counts {
  const counts = { done: 0, failed: 0, running: 0, stopped: 0, quiet: 0 };
  for (const row of rows) counts[endingOf(row)] += 1;
  return counts;
}

/** Of deliveries as they came: a redelivery begins long after its webhook. */
function waitsOf(rows: readonly DeliveryRow[]): Waits | undefined {
  const waits = rows
    .filter(({ outcome, replayName }) => outcome === outcomes.pipelineStarted && replayName === '')
    .map(({ receivedAt, updatedAt }) => Math.max(0, Date.parse(updatedAt) - Date.parse(receivedAt)))
    .toSorted((a, b) => a - b);
  return waits.length === 0 ? undefined : { p50: percentile(waits, 0.5), p95: percentile(waits, 0.95) };
}

/** The nearest rank. @param sorted at least one, the smallest first @param share from 0 to 1 */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

function partsOf(rows: readonly DeliveryRow[], { from, to }: TimeSpan): Counts[] {
  const parts = Array.from({ length: PARTS }, (): DeliveryRow[] => []);
  for (const row of rows) {
    const part = Math.floor(((Date.parse(row.receivedAt) - from) / (to - from)) * PARTS);
    parts[Math.min(PARTS - 1, Math.max(0, part))]?.push(row);
  }
  return parts.map(countsOf);
}

type TextOf = (row: DeliveryRow) => string;

/** Two hosts may have a repository of the same name. */
function groupsOf(rows: readonly DeliveryRow[], nameOf: TextOf, hostOf: TextOf = () => ''): Group[] {
  const named = rows.filter((row) => nameOf(row) !== '');
  return [...groupBy(named, (row) => `${hostOf(row)} ${nameOf(row)}`).values()]
    .map((of) => ({ name: nameOf(of[0]), host: hostOf(of[0]), counts: countsOf(of), waits: waitsOf(of), of }))
    .toSorted((a, b) => b.of.length - a.of.length || a.name.localeCompare(b.name))
    .map(({ of: _, ...group }) => group);
}

/** A delivery that failed and has ended well since fails no more. */
function causesOf(rows: readonly DeliveryRow[]): Cause[] {
  const last = [...groupBy(rows, deliveryOf).values()].flatMap((runs) => runs.find(hasEnded) ?? []);
  const failing = last.filter((row) => endingOf(row) === 'failed');
  return [...groupBy(failing, ({ outcome, error }) => `${outcome} ${error}`).values()]
    .map((of) => ({ outcome: of[0].outcome, error: of[0].error, count: of.length, newest: of[0] }))
    .toSorted((a, b) => b.count - a.count);
}

const hasEnded = (row: DeliveryRow): boolean => !isRunning(row);

const deliveryOf = ({ rule, host, deliveryId, executionArn }: DeliveryRow): string =>
  deliveryId === '' ? executionArn : `${rule}#${host}#${deliveryId}`;
