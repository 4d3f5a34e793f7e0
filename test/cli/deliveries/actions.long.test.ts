import { once } from 'node:events';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { COMMAND, type Commanded, startCommand } from '../../support/cli/command.ts';
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

/** Pushes of a repository that is not there: each ends in `PullFailed` at once. */
const failTo = (count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const push = {
        ref: `refs/heads/${number}`,
        after: '1'.repeat(40),
        repository: { full_name: 'acme/none' },
      };
      const { deliveryId: id } = await on.hookline.deliver('push', push);
      await on.hookline.ended(id);
      return id;
    }),
  );

/** A command beside others, as only one at a time runs in this process. */
const follow = (args: readonly string[]) =>
  execa(process.execPath, [COMMAND, ...args, '--stack', on.hookline.outputs.stackName], {
    env: on.env,
    reject: false,
  });

const listed = (outcome: string) => on.json('deliveries', 'list', '--outcome', outcome);

describe('an action on a delivery', () => {
  it('a delivery that runs is stopped, is listed as stopped, and goes on from there when it is redriven', async () => {
    await vi.waitFor(
      async () => expect((await on.run(['deliveries', 'show', deliveryId])).stdout).toContain('… Pull'),
      PATIENCE,
    );
    expect(await listed('running')).toMatchObject([{ deliveryId, outcome: '' }]);
    const shown = ['deliveries', 'show', deliveryId, '--watch'];
    const following = [shown, [...shown, '--json']].map(follow);
    // Each of them has seen the state before the delivery is stopped.
    await Promise.all(following.map(({ stdout }) => once(stdout, 'data')));
    expect(await listed('Stopped')).toEqual([]);

    expect(await on.run(['stop', deliveryId])).toMatchObject({ exitCode: 0, stderr: '' });
    await on.hookline.ended(deliveryId);
    const [lines, json] = await Promise.all(following);
    if (!lines || !json) throw new Error('both were followed');
    // It followed the run to its end, and shows the delivery then.
    expect(lines.stdout).toMatch(
      /^\S+ \S+ {2}default {4}Pull\n(.*\n)*\S+ \S+ {2}default {4}Stopped\noutcome +Stopped\n/,
    );
    const changes = json.stdout.split('\n').map((line) => JSON.parse(line));
    expect(changes.at(0)).toMatchObject({ deliveryId, state: 'Pull', outcome: '' });
    expect(changes.at(-1)).toMatchObject({ deliveryId, state: '', outcome: 'Stopped' });
    expect([lines.exitCode, json.exitCode]).toEqual([0, 0]);
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
    // Those that no rule takes are on record when their log is written, which may be between two of these lists.
    const list = ['deliveries', 'list', '--outcome', '!Unmatched'];
    const [whole, first] = await Promise.all([
      on.json(...list) as Promise<{ id: string }[]>,
      on.run([...list, '--limit', '2']),
    ]);
    const lines = first.stdout.split('\n');
    expect(lines[0]).toMatch(/^RECEIVED \(UTC\) +DELIVERY +EVENT/);
    const cursor = /^More: --cursor (\S+)$/.exec(lines.at(-1) ?? '')?.[1] ?? '';
    const rest = (await on.json(...list, '--cursor', cursor)) as { id: string }[];
    expect(lines).toHaveLength(2 + 3);
    expect(rest.map(({ id }) => id)).toEqual(whole.slice(2).map(({ id }) => id));
  });
});

describe('redeliveries of many', () => {
  const wanted = ['redeliver', '--outcome', 'PullFailed', '--since', '1h', '--repository', 'none'];
  let ids: readonly string[];
  beforeAll(async () => {
    ids = await failTo(4);
  });

  it('are counted first, and run only once somebody has said yes', async () => {
    expect(await on.json(...wanted, '--dry-run')).toEqual({
      count: 4,
      started: 0,
      outcomes: { PullFailed: 4 },
      inVain: [],
    });
    const unasked = await on.run(wanted);
    expect(unasked.stdout).toBe('4 deliveries would run again: 4 PullFailed');
    expect(unasked.stderr).toBe('hookline: Run 4 deliveries again? nobody can be asked here: give --yes');
    expect(unasked.exitCode).toBe(1);
    expect(await on.json('deliveries', 'list', '--replay-name', 'redeliver-*')).toEqual([]);
  });

  it('go on where they were interrupted, and start none twice', async () => {
    const others = new Set(process.listeners('SIGINT'));
    const running = on.run([...wanted, '--ref', 'refs/heads/*', '--yes']);
    const interrupt = await vi.waitFor(() => {
      const added = process.listeners('SIGINT').find((listener) => !others.has(listener));
      expect(added).toBeDefined();
      return added;
    }, PATIENCE);
    interrupt?.('SIGINT');
    const { stdout, exitCode } = await running;
    expect(exitCode).toBe(130);
    const [, started, left] = /^Interrupted: (\d) started, (\d) left\. Go on by:$/m.exec(stdout) ?? [];
    expect(Number(left)).toBeGreaterThan(0);
    expect(Number(started) + Number(left)).toBe(4);
    const [, typed = ''] = /^ {2}hookline (.*) --stack \S+$/m.exec(stdout) ?? [];
    expect(typed).toMatch(/--ref 'refs\/heads\/\*' .* --since \S+Z --until \S+Z --resume redeliver-/);
    const call = typed.replaceAll("'", '').split(' ');

    // Another process may have died before it could say what it had started.
    const { replayName, deliveries } = (await on.json(...call, '--yes')) as {
      replayName: string;
      deliveries: { deliveryId: string; replayName: string; outcome: string }[];
    };
    expect(deliveries.map(({ deliveryId: id }) => id).toSorted()).toEqual([...ids].toSorted());
    for (const row of deliveries) expect(row).toMatchObject({ replayName, outcome: 'PullFailed' });
    expect(await on.json(...call, '--dry-run')).toMatchObject({ count: 0, started: 4 });
    expect((await on.run([...call, '--yes'])).stdout).toBe(
      '0 deliveries would run again; 4 were started before',
    );
  });

  it('leave out what would end as before, and say why and what to do, unless they are forced', async () => {
    const forged = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };
    const { deliveryId: id } = await on.hookline.deliver('ping', { zen: 'z', hook_id: 1 }, forged);
    await on.hookline.ended(id);
    const rejected = ['redeliver', '--outcome', 'Rejected', '--since', '1h'];
    const { stdout, exitCode } = await on.run([...rejected, '--yes']);
    expect({ exitCode, lines: stdout.split('\n').slice(0, 4) }).toEqual({
      exitCode: 0,
      lines: [
        '0 deliveries would run again',
        '',
        '1 is left out, which would end as before; --force runs it all the same:',
        '  1 Rejected: no webhook secret that Hookline has for localhost makes its signature',
      ],
    });
    expect(stdout).toContain('hookline secret set localhost webhook');
    const reason = 'no webhook secret that Hookline has for localhost makes its signature';
    expect(await on.json(...rejected, '--dry-run')).toMatchObject({
      count: 0,
      inVain: [{ count: 1, outcome: 'Rejected', reason }],
    });
    expect(await on.json(...rejected, '--force', '--dry-run')).toMatchObject({ count: 1, inVain: [] });
  });

  it('take what failed again once, and nothing that ended well', async () => {
    const { stdout } = await on.run([...wanted.slice(0, 5), '--repository', 'acme/app', '--dry-run']);
    expect(stdout).toBe('0 deliveries would run again');
    // Each has failed twice by now, and is one delivery.
    expect(await on.json(...wanted, '--dry-run')).toMatchObject({ count: 4 });
  });

  it('are refused without an outcome and a time, beside a delivery, and under the name of a replay', async () => {
    const calls: [string[], string][] = [
      [['redeliver'], '--outcome is missing'],
      [['redeliver', '--outcome', 'failed'], '--since is missing'],
      [['redeliver', '4f3a21c0', '--since', '1h'], '--since is for many deliveries, and "4f3a21c0" is one'],
      [[...wanted, '--resume', 'hookline-2026'], 'it begins with redeliver-'],
    ];
    for (const [call, message] of calls) {
      const { stderr, exitCode } = await on.run(call);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
    }
  });
});
