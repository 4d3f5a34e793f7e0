import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Commanded, startCommand } from '../../support/cli/command.ts';
import { type MuteHost, startMuteHost } from '../../support/mute-host.ts';
import { addHost, deliverFrom } from '../../support/other-host.ts';

const HOST = { name: 'mute.example.com', secret: 'a secret of the mute host' };
const PATIENCE = { interval: 50 };

let on: Commanded;
let mute: MuteHost;
let deliveryId: string;
beforeAll(async () => {
  on = await startCommand();
  mute = await startMuteHost(on.hookline.outputs.gitUrl ?? '');
  await addHost(on.hookline, HOST.name, {
    settings: { provider: 'github', url: mute.url },
    webhookSecret: HOST.secret,
    credentials: { token: on.hookline.secrets.token },
  });
  const { commit } = await on.push();
  const repository = { full_name: 'acme/app' };
  const push = { ref: 'refs/heads/main', after: commit, repository };
  deliveryId = await deliverFrom(on.hookline, HOST, 'push', push);
});
afterAll(async () => {
  mute?.close();
  await on?.remove();
});

const listed = (outcome: string) => on.json('deliveries', 'list', '--outcome', outcome);

describe('an action on a delivery', () => {
  it('a delivery that runs is stopped, is listed as stopped, and goes on from there when it is redriven', async () => {
    await vi.waitFor(
      async () => expect((await on.run(['deliveries', 'show', deliveryId])).stdout).toContain('… Pull'),
      PATIENCE,
    );
    expect(await listed('running')).toMatchObject([{ deliveryId, outcome: '' }]);
    expect(await listed('Stopped')).toEqual([]);

    expect(await on.run(['stop', deliveryId])).toMatchObject({ exitCode: 0, stderr: '' });
    await on.hookline.ended(deliveryId);
    expect(await listed('running')).toEqual([]);
    const [stopped] = (await listed('Stopped')) as { claimedAt: string; updatedAt: string }[];
    expect(stopped).toMatchObject({ deliveryId, outcome: 'Stopped' });
    // It has reported nothing: only the execution knows until when it ran.
    expect(Date.parse(stopped?.updatedAt ?? '')).toBeGreaterThan(Date.parse(stopped?.claimedAt ?? ''));
    expect((await on.run(['stop', deliveryId])).stderr).toContain('does not run');

    mute.speak();
    expect(await on.run(['redrive', deliveryId])).toMatchObject({ exitCode: 0, stderr: '' });
    await vi.waitFor(
      async () => expect(await listed('Published')).toContainEqual(expect.objectContaining({ deliveryId })),
      PATIENCE,
    );
    expect(await listed('Stopped')).toEqual([]);
  });

  it('a list says where it goes on, and goes on there', async () => {
    const [whole, first] = await Promise.all([
      on.json('deliveries', 'list') as Promise<{ id: string }[]>,
      on.run(['deliveries', 'list', '--limit', '2']),
    ]);
    const lines = first.stdout.split('\n');
    expect(lines[0]).toMatch(/^RECEIVED \(UTC\) +DELIVERY +EVENT/);
    const cursor = /^More: --cursor (\S+)$/.exec(lines.at(-1) ?? '')?.[1] ?? '';
    const rest = (await on.json('deliveries', 'list', '--cursor', cursor)) as { id: string }[];
    expect(lines).toHaveLength(2 + 3);
    expect(rest.map(({ id }) => id)).toEqual(whole.slice(2).map(({ id }) => id));
  });
});
