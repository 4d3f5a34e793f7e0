import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../../operate/connection.ts';
import { settle } from '../../operate/deliveries.ts';
import { forecast } from '../../operate/forecast.ts';
import { shortRef } from '../../operate/format.ts';
import { cancelReplay, describeReplay, replayed, type Span, startReplay } from '../../operate/replay.ts';
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
    options.dryRun ? dryRun(connection, span, options) : run(connection, span, options),
  );
}

async function dryRun(connection: Connection, span: Span, { rule, json }: ReplayOptions): Promise<void> {
  const line = await progressLine();
  const found = await forecast(connection, span, rule, (done, all) => line.show('Asking', done / all));
  line.done();
  if (json) return printJson(found);
  print(`${found.deliveries} deliveries on record in that span`);
  for (const [name, count] of Object.entries(found.matches)) print(`  ${count} would go to the rule ${name}`);
  if (found.unknown > 0) print(`  ${found.unknown} are too large to be looked into, and may match as well`);
}

async function run(connection: Connection, span: Span, { rule, json }: ReplayOptions): Promise<void> {
  const name = await startReplay(connection, span, rule);
  const line = await progressLine();
  let cancelled = false;
  const cancel = (): void => {
    cancelled = true;
  };
  process.once('SIGINT', cancel);
  for (;;) {
    if (cancelled) {
      await cancelReplay(connection, name);
      cancelled = false;
    }
    const { state, done, reason } = await describeReplay(connection, name);
    line.show(`Replay ${state.toLowerCase()}`, done);
    if (state === 'COMPLETED' || state === 'CANCELLED') break;
    if (state === 'FAILED') throw new Error(`the replay ${name} failed: ${reason}`);
    await wait(POLL_MS);
  }
  line.done();
  // From here on there is nothing to cancel: an interrupt ends the command.
  process.off('SIGINT', cancel);
  await showCaused(connection, name, span, json === true);
}

/** The executions that it caused, once they have all ended and no other has begun for a while. */
async function showCaused(connection: Connection, name: string, span: Span, json: boolean): Promise<void> {
  const line = await progressLine();
  let [seen, since] = [-1, Date.now()];
  for (;;) {
    const rows = await settle(connection, await replayed(connection, name, span));
    const ended = rows.filter(({ outcome }) => outcome !== '' && outcome !== 'Pending').length;
    line.show(`${ended} of ${rows.length} executions`, rows.length === 0 ? 0 : ended / rows.length);
    if (ended !== seen) [seen, since] = [ended, Date.now()];
    // A replay is complete when its events are on the bus: what they start comes after it.
    if (ended < rows.length || Date.now() - since < QUIET_MS) {
      await wait(POLL_MS);
      continue;
    }
    line.done();
    if (json) return printJson({ replayName: name, deliveries: rows });
    print(`Replay ${name}`);
    if (rows.length > 0)
      printTable(
        ['DELIVERY', 'RULE', 'REPOSITORY', 'REF', 'OUTCOME'],
        rows.map((row) => [
          row.deliveryId.slice(0, 8),
          row.rule,
          row.repository,
          shortRef(row.ref),
          row.outcome,
        ]),
      );
    return;
  }
}
