import { setTimeout as wait } from 'node:timers/promises';
import { DAY_MS } from '../../operate/days.ts';
import type { DeliveryRow, Hidden } from '../../operate/deliveries/index.ts';
import { alignedLines, columns, drawsInPlace, print } from '../print.ts';
import { withTarget } from '../target.ts';
import { COLUMN_NAMES, deliveryCells, hiddenHint, type ListOptions, newestDeliveries } from './list.ts';

// Each round costs a query, and a description of every execution that runs.
const POLL_MS = 500;
// The head of the table, the line of what is not shown and that of the cursor take three lines of the terminal.
const OTHER_LINES = 3;

/** Shows the newest deliveries again and again, until the process is interrupted. */
export function watch(options: ListOptions): Promise<void> {
  return withTarget(options, async (connection) => {
    const show =
      options.json || !drawsInPlace(process.stdout) ? changedRows(options) : await liveTable(process.stdout);
    // The deliveries of a replay may be as old as its events, so the time does not bound them.
    const bounded = options.replayName === undefined;
    let since: string | undefined;
    for (;;) {
      const { rows, hidden } = await newestDeliveries(
        connection,
        since === undefined ? options : { ...options, since },
      );
      show(rows, hidden);
      if (bounded) since = nextSince(rows, options.limit);
      await wait(POLL_MS);
    }
  });
}

/**
 * The time from which the next round asks: nothing older comes into a full table. Below a table with room, an older
 * delivery may still come to pass the filters, as it ends.
 */
function nextSince(rows: readonly DeliveryRow[], limit: number): string {
  const dayAgo = new Date(Date.now() - DAY_MS).toISOString();
  const last = rows.at(-1)?.receivedAt ?? dayAgo;
  return rows.length >= limit || last < dayAgo ? last : dayAgo;
}

type Show = (rows: readonly DeliveryRow[], hidden: readonly Hidden[]) => void;

/** A line, or a JSON object, for each delivery that is new or has become something else. */
function changedRows({ json }: ListOptions): Show {
  const seen = new Map<string, string>();
  const lineOf = alignedLines(COLUMN_NAMES);
  if (!json) print(lineOf(COLUMN_NAMES));
  return (rows) => {
    for (const row of rows.toReversed()) {
      const state = `${row.executionArn} ${row.outcome} ${row.pipelineStatus}`;
      if (seen.get(row.id) === state) continue;
      seen.set(row.id, state);
      print(json ? JSON.stringify(row) : lineOf(deliveryCells(row)));
    }
  };
}

/** One table, as high as the terminal, drawn again in its place. */
async function liveTable(stream: NodeJS.WriteStream): Promise<Show> {
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stream);
  return (rows, hidden) => {
    const more = hidden.length > 0 ? [hiddenHint(hidden)] : [];
    const visible = rows.slice(0, Math.max(1, stream.rows - OTHER_LINES));
    const table =
      rows.length === 0
        ? ['No delivery yet.']
        : columns([COLUMN_NAMES, ...visible.map(deliveryCells)], stream.columns);
    update([...table, ...more].join('\n'));
  };
}
