import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KILL_ROWS } from '../support/faults/build-rows.ts';
import { type FaultyHost, startFaultyHost } from '../support/faults/faulty-host.ts';
import { startHurried } from '../support/faults/hurried.ts';
import { expectRow, pullsFrom, pushTo } from '../support/faults/pushes.ts';
import type { Hookline } from '../support/hookline.ts';
import { below, commandOf, parentOf } from '../support/processes.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const rows = KILL_ROWS.map((row, number) => ({ ...row, name: `acme/killed-${number}` }));

let hookline: Hookline;
let host: FaultyHost;
let repository: Repository;
/** by repository: the delivery */
const pushed = new Map<string, string>();
beforeAll(async () => {
  hookline = await startHurried();
  host = await startFaultyHost(hookline.outputs.gitUrl ?? '');
  repository = await createRepository();
  await repository.commit({ 'a.txt': 'a\n' });
  await pullsFrom(hookline, host.url);
  for (const { name, times } of rows) {
    host.fail(name, { kind: 'stops' }, times);
    pushed.set(name, await pushTo(hookline, repository, name));
  }
  await Promise.all(rows.map(killed));
});
async function killed({ name, times, above }: (typeof rows)[number]): Promise<void> {
  for (let held = 1; held <= times; held += 1) {
    while (host.failed(name) < held) await wait(LOOK_MS);
    await kill(name, above);
    host.breakOff(name);
  }
}

const LOOK_MS = 20;

afterAll(async () => {
  await repository?.remove();
  await host?.close();
  await hookline?.remove();
});

/** Kills the git that fetches this repository, or a process above it. */
async function kill(name: string, above: number): Promise<void> {
  const pids = await below(process.pid);
  const lines = await Promise.all(pids.map(commandOf));
  const found = pids.filter(
    (_, at) => lines[at]?.startsWith('git fetch ') && lines[at].includes(`/${name}.git`),
  );
  expect(found, lines.join('\n')).toHaveLength(1);
  let [pid = ''] = found;
  for (let step = 0; step < above; step += 1) pid = await parentOf(pid);
  process.kill(Number(pid), 'SIGKILL');
}

it.each(rows)('$what: $outcome', async ({ what, name, times, above, ...row }) => {
  await expectRow(hookline, pushed.get(name) ?? '', { what, ...row });
  expect(host.failed(name)).toBe(times);
});
