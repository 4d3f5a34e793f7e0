import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../../operate/connection/connection.ts';
import { forecast } from '../../operate/replays/forecast.ts';
import { cancelReplay, describeReplay, type Span, startReplay } from '../../operate/replays/replay.ts';
import { INTERRUPTED, interruptible } from '../interrupt.ts';
import { print, printJson } from '../print.ts';
import { progressLine } from '../progress.ts';
import { type Target, withTarget } from '../target.ts';
import { executionsOf, printExecutions } from './executions.ts';

export interface ReplayOptions extends Target {
  readonly from: string;
  readonly to?: string;
  readonly rule: readonly string[];
  readonly dryRun?: boolean;
}

const POLL_MS = 250;

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

async function runReplay(connection: Connection, span: Span, { rule, json }: ReplayOptions): Promise<void> {
  // Afterwards there is nothing to cancel: an interrupt ends the command.
  const { name, state } = await interruptible(async (signal) => {
    const started = await startReplay(connection, span, rule);
    return { name: started, state: await waitForEnd(connection, started, signal) };
  });
  if (state === 'CANCELLED') process.exitCode = INTERRUPTED;
  const rows = await executionsOf(connection, name, span);
  if (json) return printJson({ replayName: name, state, deliveries: rows });
  print(`Replay ${name} ${state.toLowerCase()}`);
  if (rows.length > 0) printExecutions(rows);
  else if (state === 'COMPLETED')
    print(`No delivery of it is on record yet: see hookline deliveries list --all --replay-name ${name}`);
}

/**
 * Waits until a replay has ended, and cancels it as soon as `cancelled` is aborted.
 * @returns the state in which the replay ended
 */
async function waitForEnd(connection: Connection, name: string, cancelled: AbortSignal): Promise<string> {
  const line = await progressLine();
  let cancelling = false;
  for (;;) {
    if (cancelled.aborted && !cancelling) {
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
