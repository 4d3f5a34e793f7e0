import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../../operate/connection/connection.ts';
import { describeDelivery, findDelivery } from '../../operate/deliveries/delivery.ts';
import { type DeliveryRow, fillOutcomes, isRunning } from '../../operate/deliveries/index.ts';
import { isWanted, outcomesOf, RUNNING, UNMATCHED } from '../../operate/deliveries/outcome-filter.ts';
import { runsOfRow } from '../../operate/deliveries/runs.ts';
import { groupBy } from '../../operate/group.ts';
import { alignedLines, columns, drawsInPlace, print } from '../print.ts';
import { type Target, withTarget } from '../target.ts';
import { printDelivery } from './show.ts';

// Each round costs a query, and two calls for every run that goes on.
const POLL_MS = 500;

/** A run of a delivery, and the machine's state that the run is in; `''` once it has ended. */
interface Followed extends DeliveryRow {
  readonly state: string;
}

type Show = (runs: readonly Followed[]) => void;

/**
 * Follows every run of a delivery until each has ended, and shows the delivery then. `--json` has a line for each run that is
 * new or has become something else, and nothing more. The command ends with 1 where the last run of a rule has failed.
 */
export async function followDelivery(id: string, options: Target): Promise<void> {
  const runs = await withTarget(options, async (connection) => {
    const row = await findDelivery(connection, id);
    // Nothing of what no rule took runs.
    return row.outcome === UNMATCHED ? [] : untilEnded(connection, row, await showOf(options));
  });
  if (!options.json || runs.length === 0) await printDelivery(id, options);
  const last = [...groupBy(runs, ({ rule }) => rule).values()].map(([newest]) => newest);
  if (last.some(({ outcome }) => isWanted(outcomesOf('failed'), outcome))) process.exitCode = 1;
}

/** @returns the runs, the one that began last first */
async function untilEnded(
  connection: Connection,
  row: DeliveryRow,
  show: Show,
): Promise<readonly Followed[]> {
  for (;;) {
    const recorded = await runsOfRow(connection, row);
    const runs = await fillOutcomes(connection, recorded.length > 0 ? recorded : [row]);
    const followed = await Promise.all(
      runs.map(async (run) => ({ ...run, state: isRunning(run) ? await stateOf(connection, run) : '' })),
    );
    show(followed);
    if (!followed.some(isRunning)) return followed;
    await wait(POLL_MS);
  }
}

async function stateOf(connection: Connection, run: DeliveryRow): Promise<string> {
  const { steps } = await describeDelivery(connection, run);
  return steps.at(-1)?.name ?? '';
}

async function showOf({ json }: Target): Promise<Show> {
  return json || !drawsInPlace(process.stdout) ? changedRuns(json) : liveRuns(process.stdout);
}

/** A line, or a JSON object, for each run that is new or has become something else, the oldest first. */
function changedRuns(json: boolean | undefined): Show {
  const seen = new Map<string, string>();
  const lineOf = alignedLines();
  return (runs) => {
    for (const run of runs.toReversed()) {
      const now = `${run.executionArn} ${run.state} ${run.outcome}`;
      if (seen.get(run.id) === now) continue;
      seen.set(run.id, now);
      print(json ? JSON.stringify(run) : lineOf(runCells(run)));
    }
  };
}

const HEAD = ['BEGAN (UTC)', 'RULE', 'REPLAY', 'STATE OR OUTCOME'];

/** One table, drawn again in its place. */
async function liveRuns(stream: NodeJS.WriteStream): Promise<Show> {
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stream);
  return (runs) => {
    update(columns([HEAD, ...runs.map(runCells)], stream.columns).join('\n'));
    if (!runs.some(isRunning)) update.done();
  };
}

function runCells({ claimedAt, updatedAt, rule, replayName, state, outcome }: Followed): string[] {
  const began = (claimedAt || updatedAt).slice(0, 19).replace('T', ' ');
  return [began, rule, replayName, state || outcome || RUNNING];
}
