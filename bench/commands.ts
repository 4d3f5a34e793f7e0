import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { accessOf, localOutputs, type Outputs, readAddress } from '../cli/outputs/local-address.ts';
import { gitHostSecrets } from '../cli/up/git-host.ts';
import { connect } from '../operate/connection/connection.ts';
import { overviewOf } from '../operate/overview/overview.ts';
import { deliver } from '../test/support/deliver.ts';
import { type Running, startProcess } from './process.ts';
import { type Cost, costOf, median } from './pull.ts';
import { measureWire, type WireFigures } from './wire.ts';

export interface CommandFigures {
  readonly commands: readonly (readonly [command: string, cost: Cost])[];
  /** `replay --dry-run` over all that was delivered */
  readonly dryRun: Cost;
  readonly wire: WireFigures;
}

const READING = ['--version', 'deliveries list', 'overview', 'rules list', 'artifacts list', 'outputs'];
const RUNS = 5;
// The door takes more; the git host of a person sends fewer.
const AT_ONCE = 8;

/** The time of each command that reads, beside a runtime that has had so many deliveries; medians of five. */
export async function measureCommands(root: string, count: number): Promise<CommandFigures> {
  const running = await startProcess(root);
  try {
    // The bus writes whole seconds.
    const since = new Date(Date.now() - 1000).toISOString();
    const outputs = await localOutputs(running.data);
    await deliverAll(running, outputs, { count, since });
    const timed = (runs: number, command: string): Promise<Cost> =>
      median(runs, () =>
        costOf(() => execa(process.execPath, argumentsOf(command, running.data), { cwd: root })),
      );
    const commands: [string, Cost][] = [];
    for (const command of READING) commands.push([command, await timed(RUNS, command)]);
    const dryRun = await timed(1, `replay --dry-run --from ${since}`);
    return { commands, dryRun, wire: await measureWire(outputs.consoleUrl ?? '') };
  } finally {
    await running.stop();
  }
}

const argumentsOf = (command: string, data: string): string[] => [
  'cli/hookline.mjs',
  ...command.split(' '),
  ...(command.startsWith('--') ? [] : ['--data', data]),
];

/** Sends again what the door throttles, which takes ten requests a second. */
async function untilTaken(send: () => Promise<Response>): Promise<void> {
  for (;;) {
    const { status } = await send();
    if (status === 202) return;
    if (status !== 429) throw new Error(`the door answered ${status}, not 202`);
    await wait(100);
  }
}

/** Delivers pings, and waits until each has ended. */
async function deliverAll(
  { data }: Running,
  outputs: Outputs,
  { count, since }: { readonly count: number; readonly since: string },
): Promise<void> {
  const secrets = await gitHostSecrets(join(data, 'git'));
  for (let sent = 0; sent < count; sent += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - sent) }, (_, at) =>
        untilTaken(() =>
          deliver({ outputs, secrets }, 'ping', { zen: 'Keep it logically awesome.', hook_id: sent + at }),
        ),
      ),
    );
  const connection = await connect(outputs.stackName, accessOf(await readAddress(data)));
  const ended = async (): Promise<number> => (await overviewOf(connection, { since })).counts.quiet;
  while ((await ended()) < count) await wait(1000);
  connection.close();
}
