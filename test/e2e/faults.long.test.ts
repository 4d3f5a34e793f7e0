import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Fault } from '../../local/core/faults.ts';
import { AWS_ROWS } from '../support/faults/aws-rows.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let hookline: Hookline;
let repository: Repository;
beforeAll(async () => {
  hookline = await startHookline(undefined, { faults: true });
  repository = await createRepository();
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
});
afterEach(() => put());

const put = (...Faults: Fault[]) => hookline.runtime.call('faults', 'PutFaults', { Faults });

/** Pushes a new commit. @returns the id of the delivery */
async function push(name: string): Promise<string> {
  await repository.commit({
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
    'time.txt': `${Date.now()}\n`,
  });
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, 'HEAD:refs/heads/main');
  const sent = hookline.gitHost.deliveries().slice(before);
  return sent.find(({ event }) => event === 'push')?.id ?? '';
}

it.each(AWS_ROWS)('$what: $outcome', async ({ fault, to = 'acme/app', outcome }) => {
  await put(fault);
  const ended = await hookline.ended(await push(to));
  expect(ended.map((each) => each.outcome)).toEqual([outcome]);
  const { Faults } = (await hookline.runtime.call('faults', 'GetFaults', {})) as {
    Faults: readonly [{ readonly Done: number }];
  };
  // A fault that met no call has shown nothing. Every read of a ref's record asks for the present.
  if (fault.Kind !== 'stale') expect(Faults[0].Done).toBeGreaterThanOrEqual(fault.Count ?? 1);
});
