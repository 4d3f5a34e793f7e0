import { createHmac, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { COMMAND, type Commanded, startCommand } from '../../support/cli/command.ts';

let on: Commanded;
let deliveryId: string;
let commit: string;
let rejected: string;

beforeAll(async () => {
  on = await startCommand();
  ({ commit, deliveryId } = await on.push());
  const wrong = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
  ({ deliveryId: rejected } = await on.hookline.deliver('push', { ref: 'refs/heads/x' }, { headers: wrong }));
  await on.hookline.ended(rejected);
});
afterAll(() => on?.remove());

describe('hookline deliveries', () => {
  it('lists what came in, by any column', async () => {
    const [pushes, none, running, table] = await Promise.all([
      on.json('deliveries', 'list', '--event', 'push', '--repository', 'acme/*'),
      on.run(['deliveries', 'list', '--outcome', 'PullFailed']),
      on.json('deliveries', 'list', '--outcome', 'running'),
      on.run(['deliveries', 'list']),
    ]);
    expect(pushes).toMatchObject([
      { deliveryId, repository: 'acme/app', commit, outcome: 'Published', rule: 'default' },
    ]);
    expect(running).toEqual([]);
    expect(none.stdout).toBe('None matches the filters: --outcome PullFailed.');
    expect(table.stdout).toMatch(/^RECEIVED \(UTC\) +DELIVERY +EVENT/);
  });

  it('lists what had a wrong signature, which is how a wrong secret shows', async () => {
    const [rows, shown] = await Promise.all([
      on.json('deliveries', 'list', '--outcome', 'Rejected'),
      on.run(['deliveries', 'show', rejected]),
    ]);
    expect(rows).toMatchObject([{ deliveryId: rejected, outcome: 'Rejected' }]);
    const followed = await on.run(['deliveries', 'show', rejected, '--watch']);
    expect(followed.exitCode).toBe(1);
    expect(followed.stdout).toMatch(/^\S+ \S+ {2}default {4}Rejected\noutcome +Rejected\n/);
    expect(shown.stdout).toMatch(/^outcome +Rejected\nerror +Rejected: no webhook secret of localhost/);
    expect(shown.stdout).toMatch(/^received +2\d{3}-\S+ \S+ UTC\ntook +[\d.]+ s$/m);
    expect(shown.stdout).toMatch(/\n\nNext: where Hookline has the wrong secret, [\s\S]*\n\ndelivery /);
    expect(shown.stdout).toMatch(/^ {2}hookline secret set localhost webhook --stack \S+$/m);
  });

  it('refuses a redelivery that would end as before, says what helps, and obeys --force', async () => {
    const refused = await on.run(['redeliver', rejected]);
    expect(refused).toMatchObject({ stdout: '', exitCode: 1 });
    expect(refused.stderr).toMatch(
      /would end in Rejected again: no webhook secret that Hookline has for localhost makes its signature; --force runs it all the same\n\nNext: /,
    );
    const other = await on.run(['redeliver', deliveryId, '--rule', 'demo']);
    expect(other.stderr).toContain(
      `the rule demo has no run of the delivery ${deliveryId}: name one of default`,
    );
    const forced = await on.run(['redeliver', rejected, '--force', '--watch']);
    expect(forced.stdout).toMatch(
      /^Runs again: push by the rule \S+, which ended in Rejected\nExecution: arn:\S+\n\noutcome +Rejected\n/,
    );
    expect(forced.exitCode).toBe(1);
    const [arn = ''] = /arn:\S+/.exec(forced.stdout) ?? [];
    // Neither run has a record.
    const { stdout } = await on.run(['deliveries', 'show', arn]);
    expect(stdout).toMatch(/\n\nOther runs of this delivery:\n {2}\d.* Rejected +default .*:execution:/);
  });

  it('counts what needs nobody, and shows it when asked', async () => {
    const [table, all, pongs, json] = await Promise.all([
      on.run(['deliveries', 'list']),
      on.run(['deliveries', 'list', '--all']),
      on.run(['deliveries', 'list', '--outcome', 'Pong']),
      on.json('deliveries', 'list'),
    ]);
    expect(table.stdout).toMatch(/\n\n.*\b1 Pong\b.* not shown; --all shows \w+$/);
    expect(table.stdout).not.toMatch(/Pong$/m);
    for (const { stdout } of [all, pongs]) expect(stdout).toMatch(/Pong$/m);
    expect(all.stdout).not.toContain('not shown');
    expect(json).toContainEqual(expect.objectContaining({ outcome: 'Pong' }));
  });

  it('shows one that no rule took, with the clauses that refuse it and what to do', async () => {
    await on.hookline.withoutRule('default', async () => {
      const { deliveryId: none } = await on.hookline.deliver('create', {
        ref: 'refs/heads/x',
        repository: { full_name: 'acme/none' },
      });
      const unmatched = () =>
        on.json('deliveries', 'list', '--outcome', 'unmatched', '--repository', 'acme/none');
      await expect
        .poll(unmatched, { timeout: 120_000, interval: 500 })
        .toMatchObject([{ deliveryId: none, outcome: 'Unmatched', executionArn: '' }]);
      const [shown, explained, stopped] = await Promise.all([
        on.run(['deliveries', 'show', none.slice(0, 8)]),
        on.run(['rules', 'explain', none, '--rule', 'demo']),
        on.run(['stop', none]),
      ]);
      expect(shown.stdout).toMatch(/^outcome +Unmatched: no rule took it/);
      expect(shown.stdout).toMatch(/^ref +x \(not verified\)$/m);
      expect(shown.stdout).toMatch(
        /^demo does not match\n {4}✖ payload\.repository\.full_name is "hookline\/demo": it is "acme\/none"$/m,
      );
      expect(shown.stdout).toContain(
        'hookline rules new acme-none --event create --repository acme/none --ref refs/heads/x\n',
      );
      expect(shown.stdout).toMatch(/hookline replay --from \S+ --to \S+ --rule acme-none --stack /);
      expect(explained.stdout).toContain('demo does not match');
      expect(stopped.stderr).toContain('no rule has taken the delivery');
    });
  });

  it('lists for a script: a delivery a line as JSON, or as CSV with the names first', async () => {
    // A delivery that no rule took is in the list once its lines are in the log.
    await vi.waitFor(async () => {
      const [lines, csv] = await Promise.all([
        on.run(['deliveries', 'list', '--json-lines']),
        on.run(['deliveries', 'list', '--csv']),
      ]);
      const rows = lines.stdout.trimEnd().split('\n');
      expect(rows.map((line) => JSON.parse(line))).toContainEqual(expect.objectContaining({ event: 'ping' }));
      const [head, ...others] = csv.stdout.trimEnd().split('\n');
      expect(head).toMatch(/^id,executionArn,rule,host,/);
      expect(others).toHaveLength(rows.length);
    });
    const both = await on.run(['deliveries', 'list', '--csv', '--json']);
    expect(both.exitCode).toBe(2);
  });

  it('shows what a terminal would obey as text', async () => {
    await on.hookline.smuggle('pu\u009b2Jsh', 'evil-\u009b31m');
    await on.hookline.ended('evil-\u009b31m');
    const [table, shown, json] = await Promise.all([
      on.run(['deliveries', 'list']),
      on.run(['deliveries', 'show', 'evil-']),
      on.run(['deliveries', 'list', '--json']),
    ]);
    for (const { stdout } of [table, shown, json]) {
      expect(stdout).not.toContain('\u009b');
      expect(stdout).toContain(String.raw`pu\u009b2Jsh`);
    }
    expect(JSON.parse(json.stdout)).toContainEqual(
      expect.objectContaining({ event: 'pu\u009b2Jsh', deliveryId: 'evil-\u009b31m' }),
    );
  });

  it('lists all that failed, several outcomes, and all but some', async () => {
    const outcomes = async (...args: string[]) =>
      ((await on.json('deliveries', 'list', ...args)) as { outcome: string }[]).map(({ outcome }) => outcome);
    const [failed, several, without, unknown] = [
      await outcomes('--outcome', 'failed', '--since', '1h', '--until', 'now'),
      await outcomes('--outcome', 'rejected,PullFailed', '--outcome', 'Published'),
      await outcomes('--outcome', '!failed', '--event', 'push'),
      await on.run(['deliveries', 'list', '--outcome', 'nonsense']),
    ];
    expect(new Set(failed)).toEqual(new Set(['Rejected']));
    expect(new Set(several)).toEqual(new Set(['Rejected', 'Published']));
    expect(without).toEqual(['Published']);
    expect(unknown).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /no outcome "nonsense": write one of running, failed, done, .*PullFailed/,
      ),
    });
  });

  it('finds a delivery by what people call its ref, repository, commit and id', async () => {
    for (const [name, value] of [
      ['--ref', 'main'],
      ['--repository', 'app'],
      ['--repository', 'ACME/App'],
      ['--commit', commit.slice(0, 7)],
      ['--delivery-id', deliveryId.slice(0, 8)],
    ] as const)
      expect(await on.json('deliveries', 'list', name, value, '--event', 'push')).toMatchObject([
        { deliveryId },
      ]);
    expect(await on.json('deliveries', 'list', '--ref', 'tag main')).toEqual([]);
  });

  it('lists a span of time', async () => {
    const span = (...args: string[]) => on.json('deliveries', 'list', ...args);
    expect(await span('--since', '1h')).not.toEqual([]);
    expect(await span('--until', '1h')).toEqual([]);
    expect((await on.run(['deliveries', 'list', '--since', '1h', '--until', '2h'])).stderr).toContain(
      'a list goes from the older time to the newer',
    );
  });

  it('takes a time in any zone, and refuses what is none', async () => {
    const zoned = new Date(Date.now() + 14 * 3_600_000 - 3_600_000).toISOString().replace('Z', '+14:00');
    expect(await on.json('deliveries', 'list', '--since', zoned, '--event', 'push')).not.toEqual([]);
    const { exitCode, stderr } = await on.run(['deliveries', 'list', '--since', 'last week']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('"last week" is not a time'),
    });
  });

  it('shows one, and draws its path', async () => {
    const [detail, drawn, none] = await Promise.all([
      on.json('deliveries', 'show', deliveryId.slice(0, 8)),
      on.run(['deliveries', 'show', deliveryId]),
      on.run(['deliveries', 'show', 'none']),
    ]);
    expect(detail).toMatchObject({
      row: { deliveryId, artifactKey: expect.stringContaining(commit) },
      execution: { status: 'SUCCEEDED' },
      steps: [
        { name: 'Validate', status: 'succeeded', attempts: 1 },
        { name: 'Claim' },
        { name: 'Route' },
        { name: 'Pull' },
        { name: 'Publish' },
        { name: 'Published?' },
        { name: 'Report Published' },
        { name: 'Published' },
      ],
    });
    expect(drawn.stdout).toMatch(/✔ Validate .*\n {2}│\n {2}✔ Claim/);
    expect(none).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('hookline: no delivery none'),
    });
  });

  it('gives the payload back as it came, and as a request that the door takes again', async () => {
    const [payload, request, { stdout: curl }] = await Promise.all([
      on.json('deliveries', 'payload', deliveryId),
      on.json('deliveries', 'payload', deliveryId, '--json'),
      on.run(['deliveries', 'payload', rejected, '--curl']),
    ]);
    expect(payload).toMatchObject({ verified: true });
    const { body } = request as { body: string };
    expect(JSON.parse(body)).toMatchObject({ after: commit, repository: { full_name: 'acme/app' } });
    expect(request).toMatchObject({
      headers: expect.arrayContaining([
        ['X-GitHub-Event', 'push'],
        ['X-GitHub-Delivery', deliveryId],
        ['X-GitHub-Enterprise-Host', 'localhost'],
      ]),
    });
    const sent = await execa('sh', ['-c', `${curl} -w '%{http_code}'`]);
    expect(sent.stdout).toMatch(/202$/);
    const unverified = await on.run(['deliveries', 'payload', rejected]);
    expect(unverified.stderr).toContain('is not verified: anybody may have sent the payload');
    expect(JSON.parse(unverified.stdout)).toEqual({ ref: 'refs/heads/x' });
  });

  it('marks the payload of one that ended before its claim, as its signature may not have been checked', async () => {
    const [id, body] = [randomUUID(), JSON.stringify({ zen: 'z', hook_id: 1 })];
    const sha = createHmac('sha256', on.hookline.secrets.webhookSecret).update(body).digest('hex');
    const headers = { event: 'ping', delivery: id, signature: `sha256=${sha}` };
    const origin = { rule: 'gone', eventId: id, time: new Date().toISOString(), replayName: '' };
    const webhook = { provider: 'github', host: 'localhost', headers, body: btoa(body) };
    const { stateMachineArn } = on.hookline.outputs;
    const input = JSON.stringify({ ...origin, ...webhook });
    await on.hookline.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
    await vi.waitFor(async () =>
      expect(await on.json('deliveries', 'show', id)).toMatchObject({
        row: { id: `gone#localhost#${id}#`, outcome: 'Failed', error: 'Misconfigured' },
      }),
    );
    const { stdout, stderr } = await on.run(['deliveries', 'payload', id]);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(body));
    expect(stderr).toContain('is not verified: anybody may have sent the payload');
  });

  it('shows the logs of its functions and its build', async () => {
    const [pull, claim, refused, none] = await Promise.all([
      on.json('deliveries', 'logs', deliveryId, '--state', 'Pull'),
      on.json('deliveries', 'logs', deliveryId, '--state', 'Claim'),
      on.json('deliveries', 'logs', rejected),
      on.run(['deliveries', 'logs', deliveryId, '--state', 'Nowhere']),
    ]);
    expect(pull).toMatchObject([
      {
        state: 'Pull',
        lines: expect.arrayContaining([{ at: expect.any(String), text: expect.stringContaining('token 1') }]),
      },
    ]);
    expect(JSON.stringify(claim)).toContain('Claimed');
    const { stdout } = await on.run(['deliveries', 'logs', rejected]);
    expect(stdout).toMatch(
      /^\S+Z {2}Validate {2}ERROR failed .*errorName=Rejected errorMessage="no webhook secret/m,
    );
    // The first state knows of no execution yet.
    expect(JSON.stringify(refused)).toContain('no webhook secret of localhost made this signature');
    expect(none.stderr).toContain('not in a state Nowhere: it was in Validate, Claim');
  });

  it('watches them come, a line each where there is no terminal', async () => {
    const watching = execa(
      process.execPath,
      [COMMAND, 'deliveries', 'watch', '--event', 'ping', '--json', '--stack', on.hookline.outputs.stackName],
      { reject: false, env: on.env },
    );
    onTestFinished(() => void watching.kill());
    const seen = new Promise<string>((resolve) => {
      let text = '';
      watching.stdout.on('data', (chunk: Buffer) => {
        text += chunk;
        // A line of it comes while it runs, and another one when it has ended.
        const line = text.split('\n').find((each) => /a-ping-to-watch.*"Pong".*\}$/.test(each));
        if (line) resolve(line);
      });
    });
    await on.hookline.deliver('ping', { zen: 'z', hook_id: 1 }, { deliveryId: 'a-ping-to-watch' });
    expect(JSON.parse(await seen)).toMatchObject({ deliveryId: 'a-ping-to-watch', event: 'ping' });
    watching.kill('SIGINT');
    await watching;
  });
});

describe('hookline rules try', () => {
  it('says which of the last deliveries a rule that nobody has deployed would take, and what then', async () => {
    const file = join(on.folder, 'acme.yaml');
    const match = "{ event: [push], payload: { repository: { full_name: ['acme/app'] } } }";
    await writeFile(file, `description: acme\nmatch: ${match}\npaths: [docs/**]\n`);
    const [trial, { stdout }] = await Promise.all([
      on.json('rules', 'try', file, '--last', '50'),
      on.run(['rules', 'try', file]),
    ]);
    expect(trial).toMatchObject({ taken: [{ row: { deliveryId }, verdict: { next: 'Ignored' } }] });
    expect(stdout).toMatch(/^acme would take 1 of the last \d+ deliveries\.\n/);
    expect(stdout).toContain('no changed file matches docs/**');
    await writeFile(file, 'description: acme\nmatch: { event: push }\n');
    expect(await on.run(['rules', 'try', file])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('acme.yaml:2:17: match.event is "push"'),
    });
  });
});

describe('hookline overview', () => {
  it('sums up what ended how, and says what fails now and how to see it', async () => {
    const [overview, { stdout }] = await Promise.all([
      on.json('overview', '--since', '1h'),
      on.run(['overview', '--since', '1h']),
    ]);
    expect(overview).toMatchObject({
      counts: { done: 1, running: 0 },
      repositories: expect.arrayContaining([expect.objectContaining({ name: 'acme/app' })]),
      causes: expect.arrayContaining([expect.objectContaining({ outcome: 'Rejected' })]),
      health: ['door', 'dead queue', 'overflow queue', 'unrecorded queue', 'builds'].map((name) => ({
        ...{ name, result: 'ok' },
      })),
    });
    const [, show = ''] = /× Rejected\n {4}hookline (deliveries show \S+) --stack/.exec(stdout) ?? [];
    expect((await on.run(show.split(' '))).stdout).toMatch(/^outcome +Rejected/);
    expect(stdout).toMatch(/^REPOSITORY +DONE +FAILED[\s\S]*^acme\/app +1 +0 /m);
    expect(stdout).toContain('✔ dead queue');
  });
});

describe('hookline redeliver, redrive and stop', () => {
  it('run a delivery again, its last run being the one that is shown, and refuse what cannot be done', async () => {
    const runs = new Set<unknown>();
    for (const count of [2, 3, 4]) {
      const { executionArn } = (await on.json('redeliver', deliveryId)) as { executionArn: string };
      const ended = await on.hookline.ended(deliveryId, count);
      expect(ended.find((each) => each.executionArn === executionArn)).toMatchObject({
        outcome: 'Published',
      });
      expect(await on.json('deliveries', 'show', deliveryId)).toMatchObject({
        execution: { arn: executionArn },
      });
      runs.add(executionArn);
    }
    expect(runs.size).toBe(3);
    const found = await on.json('deliveries', 'list', '--event', 'push', '--repository', 'acme/app');
    const rows = found as { deliveryId: string; receivedAt: string; firstReceivedAt: string }[];
    // The newest first, and a redelivery is newer than what it repeats.
    expect(rows.map((row) => row.deliveryId)).toEqual([deliveryId, deliveryId, deliveryId, deliveryId]);
    const [last, first] = [rows[0], rows.at(-1)];
    expect(last?.firstReceivedAt).toBe(first?.receivedAt);
    expect(Date.parse(last?.receivedAt ?? '')).toBeGreaterThan(Date.parse(first?.receivedAt ?? ''));
    expect(await on.json('deliveries', 'show', deliveryId)).toMatchObject({
      runs: rows.map(({ receivedAt }) => ({ deliveryId, receivedAt })),
    });
    const { stdout } = await on.run(['deliveries', 'show', deliveryId]);
    expect(stdout.split('Other runs of this delivery:')[1]?.match(/Published {2}default/g)).toHaveLength(3);
    const [stopped, redriven, succeeded] = await Promise.all([
      on.run(['stop', deliveryId]),
      on.run(['redrive', rejected]),
      on.run(['redrive', deliveryId]),
    ]);
    expect(succeeded.stderr).toBe(
      `hookline: no state of the delivery ${deliveryId} failed, so that it has nothing to go on at; redeliver runs it from the beginning`,
    );
    expect(stopped.stderr).toContain('does not run: it is SUCCEEDED');
    expect(redriven.stderr).toContain('use redeliver');
  });
});
