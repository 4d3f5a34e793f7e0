import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FaultyHost, startFaultyHost } from '../support/faults/faulty-host.ts';
import { AWAY, HOST_ROWS, NO_COMMIT } from '../support/faults/host-rows.ts';
import { startHurried } from '../support/faults/hurried.ts';
import { expectRow, pulls, pullsFrom, pushTo } from '../support/faults/pushes.ts';
import type { Hookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let hookline: Hookline;
let host: FaultyHost;
let repository: Repository;
/** by what is tried: the delivery */
const pushed = new Map<string, string>();
beforeAll(async () => {
  hookline = await startHurried();
  host = await startFaultyHost(hookline.outputs.gitUrl ?? '');
  repository = await createRepository();
  await repository.commit({ 'a.txt': 'a\n'.repeat(1000) });
  await pullsFrom(hookline, host.url);
  await pushTo(hookline, repository, 'acme/app');
  pushed.set(NO_COMMIT.what, await tell('acme/app', 'a'.repeat(40)));
  for (const [number, { what, fault, times }] of HOST_ROWS.entries()) {
    host.fail(`acme/host-${number}`, fault, times);
    pushed.set(what, await pushTo(hookline, repository, `acme/host-${number}`));
  }
});
afterAll(async () => {
  await repository?.remove();
  await host?.close();
  await hookline?.remove();
});

it.each(HOST_ROWS.map((row, number) => ({ ...row, number })))('$what: $outcome', async (row) => {
  const ended = await expectRow(hookline, pushed.get(row.what) ?? '', row);
  if (row.says !== undefined) expect(JSON.stringify(ended.output)).toContain(row.says);
  expect(host.failed(`acme/host-${row.number}`)).toBeGreaterThanOrEqual(Math.min(row.times, 1));
  if (Number.isFinite(row.times)) expect(host.failed(`acme/host-${row.number}`)).toBe(row.times);
});

it(`${AWAY.what}: ${AWAY.outcome}`, async () => {
  await pullsFrom(hookline, 'http://127.0.0.1:1');
  const delivery = await pushTo(hookline, repository, 'acme/away');
  await pulls(hookline, delivery, 3);
  await pullsFrom(hookline, host.url);
  // Another build may have begun before the host was up again.
  const [{ states } = { states: [] }] = await hookline.ended(delivery);
  const builds = Math.max(AWAY.builds ?? 0, states.filter((name) => name === 'Pull').length);
  await expectRow(hookline, delivery, { ...AWAY, builds });
});

it(`${NO_COMMIT.what}: ${NO_COMMIT.outcome}`, async () => {
  await expectRow(hookline, pushed.get(NO_COMMIT.what) ?? '', NO_COMMIT);
});

/** A signed push of a commit that the host does not have. */
async function tell(name: string, after: string): Promise<string> {
  const payload = {
    ref: 'refs/heads/main',
    before: '0'.repeat(40),
    after,
    created: false,
    deleted: false,
    forced: false,
    commits: [],
    repository: { id: 1, full_name: name, default_branch: 'main' },
    sender: { login: 'test' },
  };
  return (await hookline.deliver('push', payload)).deliveryId;
}
