import type { Connection } from '../../operate/connection/connection.ts';
import {
  type DeliveryFilter,
  type DeliveryPage,
  type DeliveryRow,
  deliveriesWithOutcomes,
  FILTERS,
} from '../../operate/deliveries/index.ts';
import { shortRef } from '../../operate/format.ts';
import { print, printJson, printTable } from '../print.ts';
import { type Target, withTarget } from '../target.ts';

export type ListOptions = Target &
  DeliveryFilter & { readonly limit: number; readonly since?: string; readonly cursor?: string };

export function list(options: ListOptions): Promise<void> {
  return withTarget(options, async (connection) => {
    const { rows, cursor } = await newest(connection, options);
    if (options.json) return printJson(rows);
    if (rows.length === 0) return print(isFiltered(options) ? 'No such delivery.' : 'No delivery yet.');
    printTable(HEAD, rows.map(cells));
    if (cursor) print(`\nMore: --cursor ${cursor}`);
  });
}

/** The newest deliveries that pass the filters of a command, and the cursor of those that come after them. */
export async function newest(
  connection: Connection,
  { since, limit, cursor: from, ...options }: ListOptions,
): Promise<Pick<DeliveryPage, 'rows' | 'cursor'>> {
  const filter = Object.fromEntries(
    FILTERS.flatMap((name) =>
      options[name] ? [[name, options[name] === RUNNING ? '' : options[name]]] : [],
    ),
  );
  const rows: DeliveryRow[] = [];
  let cursor = from;
  do {
    const query = { filter, since, cursor, limit: limit - rows.length };
    const page = await deliveriesWithOutcomes(connection, query);
    rows.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined && rows.length < limit);
  return { rows, cursor };
}

const isFiltered = ({ since, ...options }: ListOptions): boolean =>
  since !== undefined || FILTERS.some((name) => options[name]);

// Shown, and taken by --outcome, for a delivery that has no outcome yet.
const RUNNING = 'running';

export const HEAD = [
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

export function cells(row: DeliveryRow): string[] {
  return [
    row.receivedAt.slice(0, 19).replace('T', ' '),
    row.deliveryId.slice(0, 8),
    row.event,
    row.repository,
    shortRef(row.ref),
    row.commit.slice(0, 7),
    row.rule,
    row.replayName,
    row.outcome || RUNNING,
  ];
}
