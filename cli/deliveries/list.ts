import type { Connection } from '../../operate/connection/connection.ts';
import { type ExportFormat, exportHead, exportText } from '../../operate/deliveries/export.ts';
import {
  type DeliveryFilter,
  type DeliveryPage,
  type DeliveryRow,
  deliveriesWithOutcomes,
  FILTERS,
  filterOfText,
  type Hidden,
} from '../../operate/deliveries/index.ts';
import { RUNNING } from '../../operate/deliveries/outcome-filter.ts';
import { countsOf, pipelineWord, shortRef } from '../../operate/format.ts';
import { optionOf } from '../options.ts';
import { print, printAside, printJson, printTable } from '../print.ts';
import { type Target, targetText, withTarget } from '../target.ts';
import { whatToDo } from './what-to-do.ts';

export type ListOptions = Target &
  DeliveryFilter & {
    readonly limit: number;
    readonly since?: string;
    readonly until?: string;
    readonly cursor?: string;
    readonly all?: boolean;
    readonly csv?: boolean;
    readonly jsonLines?: boolean;
  };

export function printDeliveries(options: ListOptions): Promise<void> {
  return withTarget(options, async (connection) => {
    const { rows, hidden, cursor } = await newestDeliveries(connection, options);
    const format = formatOf(options);
    if (cursor && (format || options.json)) printAside(`More: --cursor ${cursor}`);
    if (format) return print((exportHead(format) + exportText(rows, format)).trimEnd());
    if (options.json) return printJson(rows);
    if (rows.length > 0) printTable(COLUMN_NAMES, rows.map(deliveryCells));
    else if (hidden.length === 0) return print(emptyHint(options));
    if (hidden.length > 0) print(`${rows.length > 0 ? '\n' : ''}${hiddenHint(hidden)}`);
    if (cursor) print(`\nMore: ${olderHint(options, rows, cursor)}`);
    if (options.outcome !== undefined || options.deliveryId !== undefined)
      for (const line of whatToDo(rows, targetText(options))) print(line);
  });
}

/** The newest deliveries that pass the filters of a command, and the cursor of those that come after them. */
export async function newestDeliveries(
  connection: Connection,
  options: ListOptions,
): Promise<Pick<DeliveryPage, 'rows' | 'hidden' | 'cursor'>> {
  const { since, until, limit, cursor: from, ...filters } = options;
  const [filter, hide] = [filterOfText(filters), hides(options)];
  const [rows, hidden]: [DeliveryRow[], Hidden[]] = [[], []];
  let cursor = from;
  do {
    const query = { filter, since, until, cursor, hide, limit: limit - rows.length };
    const page = await deliveriesWithOutcomes(connection, query);
    // A page may have more than a call takes arguments.
    for (const row of page.rows) rows.push(row);
    for (const row of page.hidden) hidden.push(row);
    cursor = page.cursor;
  } while (cursor !== undefined && rows.length < limit);
  return { rows, hidden, cursor };
}

const formatOf = ({ csv, jsonLines }: ListOptions): ExportFormat | undefined =>
  csv ? 'csv' : jsonLines ? 'jsonl' : undefined;

/** A script gets everything, and a person who asks for certain outcomes or one delivery gets those. */
function hides(options: ListOptions): boolean {
  const { all, json, outcome, deliveryId } = options;
  return !all && !json && !formatOf(options) && outcome === undefined && deliveryId === undefined;
}

/** What stands between the rows and is not shown: `12 Ignored, 3 Unmatched are not shown; --all shows them`. */
export function hiddenHint(hidden: readonly Hidden[]): string {
  const counts = countsOf(hidden).map(([outcome, count]) => `${count} ${outcome}`);
  const one = hidden.length === 1;
  return `${counts.join(', ')} ${one ? 'is' : 'are'} not shown; --all shows ${one ? 'it' : 'them'}`;
}

/** The options that show older deliveries. A script gets the cursor, which is too long for people. */
function olderHint({ limit }: ListOptions, rows: readonly DeliveryRow[], cursor: string): string {
  if (!process.stdout.isTTY) return `--cursor ${cursor}`;
  return `--limit ${2 * limit}, or --until ${rows.at(-1)?.receivedAt}`;
}

/** The sentence in the place of an empty table, with the next step. */
function emptyHint(options: ListOptions): string {
  const filters = [...FILTERS, 'since' as const, 'until' as const].flatMap((name) =>
    options[name] === undefined ? [] : [`${optionOf(name)} ${options[name]}`],
  );
  return filters.length > 0
    ? `None matches the filters: ${filters.join(' ')}.`
    : 'No delivery yet: push to a repository whose webhook leads to the webhookUrl of "hookline outputs".';
}

export const COLUMN_NAMES = [
  'RECEIVED (UTC)',
  'DELIVERY',
  'EVENT',
  'REPOSITORY',
  'REF',
  'COMMIT',
  'RULE',
  'REPLAY',
  'OUTCOME',
];

export function deliveryCells(row: DeliveryRow): string[] {
  return [
    row.receivedAt.slice(0, 19).replace('T', ' '),
    row.deliveryId.slice(0, 8),
    row.event,
    row.repository,
    shortRef(row.ref),
    row.commit.slice(0, 7),
    row.rule,
    row.replayName,
    outcomeText(row),
  ];
}

/** `PipelineStarted (failed)`, `PullFailed: RepositoryMissing` */
function outcomeText({ outcome, error, pipelineStatus }: DeliveryRow): string {
  const why = error === '' || error === outcome ? '' : `: ${error}`;
  return `${outcome || RUNNING}${why}${pipelineStatus && ` (${pipelineWord(pipelineStatus)})`}`;
}
