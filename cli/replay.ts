import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import { createLogUpdate } from 'log-update';
import type { Connection } from '../operate/connection.ts';
import { settle } from '../operate/deliveries.ts';
import { cancelReplay, describeReplay, forecast, replayed, startReplay } from '../operate/replay.ts';
import { print, printJson, printTable, shortRef } from './print.ts';
import { type Target, targeted, withTarget } from './target.ts';

interface ReplayOptions extends Target {
  readonly from: string;
  readonly to: string;
  readonly rule: readonly string[];
  readonly dryRun?: boolean;
}

const POLL_MS = 250;
const QUIET_MS = 3000;

export function replayCommand(): Command {
  const collect = (value: string, all: readonly string[]): string[] => [...all, value];
  return targeted(new Command('replay'))
    .description('run archived events again, as of a span of time; interrupt it to cancel')
    .requiredOption('--from <time>', 'the first event, as 2026-01-31T09:00:00Z')
    .option('--to <time>', 'the end of the span, now unless told', new Date().toISOString())
    .option('--rule <name>', 'only to this rule; again for another', collect, [])
    .option('--dry-run', 'say what would match, and do nothing')
    .action((options: ReplayOptions) =>
      withTarget(options, async (connection) => {
        if (options.dryRun) await dryRun(connection, options);
        else await run(connection, options);
      }),
    );
}

async function dryRun(connection: Connection, { from, to, rule, json }: ReplayOptions): Promise<void> {
  const line = progressLine();
  const found = await forecast(connection, { from, to }, rule, (done, all) =>
    line.show('Asking', done / all),
  );
  line.done();
  if (json) return printJson(found);
  print(`${found.deliveries} deliveries on record in that span`);
  for (const [name, count] of Object.entries(found.matches)) print(`  ${count} would go to the rule ${name}`);
  if (found.unknown > 0) print(`  ${found.unknown} are too large to be looked into, and may match as well`);
}

async function run(connection: Connection, { from, to, rule, json }: ReplayOptions): Promise<void> {
  const name = await startReplay(connection, { from, to }, rule);
  const line = progressLine();
  let cancelled = false;
  process.once('SIGINT', () => {
    cancelled = true;
  });
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
  await showCaused(connection, name, json === true);
}

/** The executions that it caused, once they have all ended and no other has begun for a while. */
async function showCaused(connection: Connection, name: string, json: boolean): Promise<void> {
  const line = progressLine();
  let [seen, since] = [-1, Date.now()];
  for (;;) {
    const rows = await settle(connection, await replayed(connection, name));
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

const WIDTH = 30;

/** A bar on standard error, for people only: what a script reads is on standard output. */
function progressLine(): { show(text: string, done: number): void; done(): void } {
  if (!process.stderr.isTTY) return { show: () => undefined, done: () => undefined };
  const update = createLogUpdate(process.stderr);
  return {
    show: (text, done) => {
      const full = Math.round(done * WIDTH);
      update(`${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${Math.round(done * 100)} %  ${text}`);
    },
    done: () => update.clear(),
  };
}
