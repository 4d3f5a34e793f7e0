import type { Connection } from '../../operate/connection.ts';
import {
  type DeliveryFilter,
  type DeliveryRow,
  FILTERS,
  listDeliveries,
  settle,
} from '../../operate/deliveries.ts';
import { shortRef } from '../../operate/format.ts';
import { print, printJson, printTable } from '../print.ts';
import { type Target, withTarget } from '../target.ts';

export type ListOptions = Target & DeliveryFilter & { readonly limit: number; readonly since?: string };

export function list(options: ListOptions): Promise<void> {
  return withTarget(options, async (connection) => {
    const rows = await newest(connection, options);
    if (options.json) return printJson(rows);
    if (rows.length === 0) return print(isFiltered(options) ? 'No such delivery.' : 'No delivery yet.');
    printTable(HEAD, rows.map(cells));
  });
}

/** The newest deliveries that pass the filters of a command. */
export async function newest(
  connection: Connection,
  { since, limit, ...options }: ListOptions,
): Promise<DeliveryRow[]> {
  const filter = Object.fromEntries(
    FILTERS.flatMap((name) =>
      options[name] ? [[name, options[name] === RUNNING ? '' : options[name]]] : [],
    ),
  );
  const { rows } = await listDeliveries(connection, { filter, limit, since });
  return settle(connection, rows);
}

const isFiltered = ({ since, ...options }: ListOptions): boolean =>
  since !== undefined || FILTERS.some((name) => options[name]);

// Of what has no outcome yet.
const RUNNING = 'running';

export const HEAD = ['RECEIVED', 'DELIVERY', 'EVENT', 'REPOSITORY', 'REF', 'COMMIT', 'RULE', 'OUTCOME'];

export function cells(row: DeliveryRow): string[] {
  return [
    row.receivedAt.slice(0, 19).replace('T', ' '),
    row.deliveryId.slice(0, 8),
    row.event,
    row.repository,
    shortRef(row.ref),
    row.commit.slice(0, 7),
    row.rule,
    row.outcome || RUNNING,
  ];
}
