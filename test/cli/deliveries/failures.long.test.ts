import { createHmac, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Commanded, startCommand } from '../../support/cli/command.ts';
import { createRepository, type Repository } from '../../support/repository.ts';

const MOST_COMMANDS = 2;
const OTHER_SECRET = 'the secret that somebody has set on the webhook';

const matching = (name: string, ref = 'refs/heads/main'): string =>
  `match: { event: [push], payload: { ref: [${ref}], repository: { full_name: [acme/${name}] } } }`;

let on: Commanded;
let repository: Repository;
let commit: string;
beforeAll(async () => {
  const rules = {
    site: matching('site'),
    ghost: matching('ghost'),
    api: `${matching('api')}\npipeline: nobodys`,
    docs: matching('docs', 'refs/heads/mian'),
  };
  [on, repository] = await Promise.all([startCommand({ rules }), createRepository()]);
  commit = await repository.commit({ 'a.txt': 'a\n' });
  await Promise.all([push('site'), push('api')]);
});
afterAll(async () => {
  await repository?.remove();
  await on?.remove();
});

async function push(name: string): Promise<void> {
  const url = new URL(`${on.hookline.outputs.gitUrl}/acme/${name}.git`);
  url.username = 'test';
  url.password = on.hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
}

const bodyOf = (name: string, after = commit) =>
  JSON.stringify({ ref: 'refs/heads/main', after, repository: { full_name: `acme/${name}` } });

/** Waits until the list has a delivery, and gives what the list says below its table. */
async function listed(outcome: string, wanted: RegExp): Promise<string> {
  return vi.waitFor(async () => {
    const { stdout } = await on.run(['deliveries', 'list', '--outcome', outcome]);
    expect(stdout).toMatch(wanted);
    return stdout;
  });
}

/** The commands that a text prints below what it says of a delivery. */
function commandsBelow(text: string, what: RegExp): string[][] {
  const block = text.split('\n\n').findIndex((part) => what.test(part));
  const [, , ...lines] = (text.split('\n\n')[block] ?? '').split('\n');
  return lines.map((line) =>
    line
      .trim()
      .replace(/^hookline /, '')
      .replace(/ --stack \S+$/, '')
      .split(' '),
  );
}

/** Runs commands as they are printed, the last one until it goes well. */
async function runAll(commands: readonly string[][], input = ''): Promise<string> {
  expect(commands.length).toBeLessThanOrEqual(MOST_COMMANDS);
  for (const command of commands.slice(0, -1))
    expect(await on.run(command, input)).toMatchObject({ exitCode: 0 });
  return vi.waitFor(async () => {
    const { stdout, stderr, exitCode } = await on.run(commands.at(-1) ?? []);
    expect({ stderr: exitCode === 0 ? '' : stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    return stdout;
  });
}

/** Waits until the watched rules are in force again. */
async function afterChange(change: () => Promise<void>): Promise<void> {
  const inForce = (): number => on.hookline.said.filter((text) => text.includes('rules in force')).length;
  const before = inForce();
  await change();
  await vi.waitFor(() => expect(inForce()).toBeGreaterThan(before));
}
const write = (name: string, text: string) =>
  writeFile(join(on.hookline.data, 'rules', `${name}.yaml`), `description: ${name}\n${text}\n`);

describe('from the list to a run that ends well, by the commands that it prints', () => {
  it('takes one where a pipeline was missing', async () => {
    const text = await listed('failed', /PipelineFailed: PipelineMissing/);
    expect(text).toContain("pipeline nobodys does not exist; create it or change the rule's `pipeline`");
    await afterChange(() => write('api', matching('api')));
    const commands = commandsBelow(text, /PipelineMissing: pipeline nobodys/);
    expect(commands).toHaveLength(1);
    expect(await runAll(commands)).toMatch(/^Runs again: push acme\/api main [\s\S]*\noutcome +Published$/m);
  });

  it('takes two where a repository was missing, or the token for it', async () => {
    const { deliveryId } = await on.hookline.deliver('push', {}, { body: bodyOf('ghost') });
    await on.hookline.ended(deliveryId);
    const text = await listed('failed', /PullFailed: RepositoryMissing/);
    await push('ghost');
    const commands = commandsBelow(text, /RepositoryMissing: /);
    expect(commands).toHaveLength(2);
    expect(await runAll(commands, on.hookline.secrets.token)).toMatch(/^outcome +(Published|Unchanged)$/m);
  });

  it('takes two where a rule was wrong, and nobody took the delivery', async () => {
    await push('docs');
    const text = await listed('Unmatched', /push +acme\/docs/);
    await afterChange(() => write('docs', matching('docs')));
    // The first of the two commands.
    const [id = ''] = /\w{8}(?= +push +acme\/docs)/.exec(text) ?? [];
    const { stdout } = await on.run(['deliveries', 'show', id]);
    expect(stdout).toContain('Next: the rule docs takes it now');
    const commands = commandsBelow(stdout.replace('\n\nNext', '\n\n-\nNext'), /takes it now/);
    expect(commands).toHaveLength(1);
    expect(await runAll(commands)).toMatch(/^Replay \S+ completed$/m);
    await listed('Published', /push +acme\/docs/);
  });

  it('takes none but a deploy where the match of a rule did not fit what was signed', async () => {
    const [id, body] = [randomUUID(), bodyOf('site')];
    const sha = createHmac('sha256', on.hookline.secrets.webhookSecret).update(body).digest('hex');
    const headers = { event: 'push', delivery: id, signature: `sha256=${sha}` };
    const origin = { rule: 'api', eventId: id, time: new Date().toISOString(), replayName: '' };
    const input = { ...origin, provider: 'github', host: 'localhost', headers, body: btoa(body) };
    const { stateMachineArn } = on.hookline.outputs;
    await on.hookline.sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
    await on.hookline.ended(id);
    const { stderr } = await on.run(['redeliver', id]);
    expect(stderr).toContain('would end in Malformed again: the same payload would come again');
    expect(stderr).toContain("mend the rule's match, deploy it, and run the delivery again");
    await afterChange(() => write('api', matching('site')));
    expect(await runAll([['redeliver', id, '--watch']])).toMatch(/^outcome +(Published|Unchanged)$/m);
  });

  it('takes two where Hookline had another secret than the webhook', async () => {
    const sha = createHmac('sha256', OTHER_SECRET).update(bodyOf('site')).digest('hex');
    const headers = { 'x-hub-signature-256': `sha256=${sha}` };
    const { deliveryId } = await on.hookline.deliver('push', {}, { headers, body: bodyOf('site') });
    await on.hookline.ended(deliveryId);
    const text = await listed('failed', /Rejected$/m);
    const commands = commandsBelow(text, /Rejected: no webhook secret of localhost/);
    expect(commands).toEqual([
      ['secret', 'set', 'localhost', 'webhook'],
      ['redeliver', deliveryId, '--watch'],
    ]);
    expect(await on.run(commands[1] ?? [])).toMatchObject({ stdout: '', exitCode: 1 });
    expect(await runAll(commands, OTHER_SECRET)).toMatch(/^outcome +(Published|Unchanged)$/m);
    await on.run(['secret', 'set', 'localhost', 'webhook'], on.hookline.secrets.webhookSecret);
  });

  it('takes none where a commit is gone: what replaced it came as a push of its own', async () => {
    const { deliveryId } = await on.hookline.deliver('push', {}, { body: bodyOf('ghost', '1'.repeat(40)) });
    const [ended] = await on.hookline.ended(deliveryId);
    const { stdout } = await on.run(['deliveries', 'show', deliveryId]);
    expect(stdout).toContain('push it to have it built');
    expect(['Superseded', 'PullFailed']).toContain(ended?.outcome);
  });
});
