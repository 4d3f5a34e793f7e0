import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../../operate/connection/connection.ts';
import { type DeliveryRow, fillOutcomes, isRunning } from '../../operate/deliveries/index.ts';
import { shortRef } from '../../operate/format.ts';
import { forecast } from '../../operate/replays/forecast.ts';
import {
  cancelReplay,
  describeReplay,
  executionsOfReplay,
  type Span,
  startReplay,
} from '../../operate/replays/replay.ts';
import { print, printJson, printTable } from '../print.ts';
import { progressLine } from '../progress.ts';
import { type Target, withTarget } from '../target.ts';

export interface ReplayOptions extends Target {
  readonly from: string;
  readonly to?: string;
  readonly rule: readonly string[];
  readonly dryRun?: boolean;
}

const POLL_MS = 250;
const QUIET_MS = 3000;

export function replay(options: ReplayOptions): Promise<void> {
  const span = { from: options.from, to: options.to ?? new Date().toISOString() };
  return withTarget(options, (connection) =>
    options.dryRun ? dryRun(connection, span, options) : runReplay(connection, span, options),
  );
}

async function dryRun(connection: Connection, span: Span, { rule, json }: ReplayOptions): Promise<void> {
  const line = await progressLine();
  const expected = await forecast(connection, span, rule, (done, all) => line.show('Asking', done / all));
  line.done();
  if (json) return printJson(expected);
  print(`${expected.deliveries} deliveries on record in that span`);
  for (const [name, count] of Object.entries(expected.matches)) {
    const ignored = expected.ignored[name] ?? 0;
    print(
      `  ${count} would go to the rule ${name}${ignored > 0 ? `, which ignores ${ignored} of them` : ''}`,
    );
  }
  if (expected.unknown > 0)
    print(`  ${expected.unknown} cannot be examined, as they are too large, and may match as well`);
}

/** The exit code of an interrupted command, as shells have it. */
const INTERRUPTED = 130;

async function runReplay(connection: Connection, span: Span, { rule, json }: ReplayOptions): Promise<void> {
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  process.once('SIGINT', interrupt);
  let [name, state] = ['', ''];
  try {
    name = await startReplay(connection, span, rule);
    state = await waitForEnd(connection, name, () => interrupted);
  } finally {
    // From here on there is nothing to cancel: an interrupt ends the command.
    process.off('SIGINT', interrupt);
  }
  if (state === 'CANCELLED') process.exitCode = INTERRUPTED;
  const rows = await executionsOf(connection, name, span);
  if (json) return printJson({ replayName: name, state, deliveries: rows });
  print(`Replay ${name} ${state.toLowerCase()}`);
  if (rows.length > 0) printRows(rows);
}

/**
 * Waits until a replay has ended, and cancels it as soon as `cancelled` says so.
 * @returns the state in which the replay ended
 */
async function waitForEnd(connection: Connection, name: string, cancelled: () => boolean): Promise<string> {
  const line = await progressLine();
  let cancelling = false;
  for (;;) {
    if (cancelled() && !cancelling) {
      cancelling = true;
      await cancelReplay(connection, name);
    }
    const { state, done, reason } = await describeReplay(connection, name);
    line.show(`Replay ${state.toLowerCase()}`, done);
    if (state === 'FAILED') throw new Error(`the replay ${name} failed: ${reason}`);
    if (state === 'COMPLETED' || state === 'CANCELLED') {
      line.done();
      return state;
    }
    await wait(POLL_MS);
  }
}

/** The executions that a replay caused, once they have all ended and no other has begun for a while. */
async function executionsOf(connection: Connection, name: string, span: Span): Promise<DeliveryRow[]> {
  const line = await progressLine();
  let [endedBefore, unchangedSince] = [-1, Date.now()];
  for (;;) {
    const rows = await fillOutcomes(connection, await executionsOfReplay(connection, name, span));
    const ended = rows.filter((row) => !isRunning(row)).length;
    line.show(`${ended} of ${rows.length} executions`, rows.length === 0 ? 0 : ended / rows.length);
    if (ended !== endedBefore) [endedBefore, unchangedSince] = [ended, Date.now()];
    // A replay is complete when its events are on the bus. The executions that they start come later.
    if (ended < rows.length || Date.now() - unchangedSince < QUIET_MS) {
      await wait(POLL_MS);
      continue;
    }
    line.done();
    return rows;
  }
}

function printRows(rows: readonly DeliveryRow[]): void {
  printTable(
    ['DELIVERY', 'RULE', 'REPOSITORY', 'REF', 'OUTCOME'],
    rows.map(({ deliveryId, rule, repository, ref, outcome }) => [
      deliveryId.slice(0, 8),
      rule,
      repository,
      shortRef(ref),
      outcome,
    ]),
  );
}
