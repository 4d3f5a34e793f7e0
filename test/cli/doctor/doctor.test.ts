import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../operate/doctor/index.ts';
import { type Commanded, startCommand } from '../../support/cli/command.ts';
import { runInProcess } from '../../support/cli/in-process.ts';
import { addHost } from '../../support/other-host.ts';

// What GitHub and GitHub Enterprise Server answer to each token.
const ANSWERS: Readonly<Record<string, [status: number, scopes?: string | undefined, message?: string]>> = {
  classic: [200, 'repo, admin:repo_hook'],
  public: [200, 'public_repo'],
  'fine-grained': [200],
  unlimited: [404, 'repo, admin:org_hook', 'Rate limiting is not enabled.'],
  expired: [401, undefined, 'Bad credentials'],
  lost: [404, undefined, 'Not Found'],
};

let on: Commanded;
let host: Server;
beforeAll(async () => {
  on = await startCommand();
  host = createServer((request, response) => {
    const token = (request.headers.authorization ?? '').replace('token ', '');
    const [status, scopes, message] = ANSWERS[token] ?? [500];
    const header = scopes === undefined ? {} : { 'x-oauth-scopes': scopes };
    response.writeHead(status, { 'content-type': 'application/json', ...header });
    response.end(JSON.stringify({ message }));
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  for (const token of Object.keys(ANSWERS))
    await addHost(on.hookline, `${token}.test`, {
      settings: { provider: 'github', url },
      webhookSecret: token === 'classic' ? ['new', 'old'] : [],
      credentials: { token },
    });
  await addHost(on.hookline, 'ssh.test', {
    settings: { provider: 'github', url: 'http://127.0.0.1:9', clone: 'ssh' },
    webhookSecret: 'one',
    credentials: { sshKey: 'no key', knownHosts: 'ssh.test ssh-rsa' },
  });
});
afterAll(async () => {
  host?.close();
  await on?.remove();
});

async function findings(
  ...args: string[]
): Promise<{ exitCode: number | undefined; of: (name: string) => unknown }> {
  const { stdout, exitCode } = await on.run(['doctor', '--json', ...args]);
  const found = JSON.parse(stdout) as Finding[];
  return { exitCode, of: (name) => found.find((each) => each.name === name) };
}

describe('hookline doctor', () => {
  it('looks at every part, sends a ping when told so, and says what is wrong with each host', async () => {
    const { exitCode, of } = await findings('--ping');
    for (const name of [
      'node',
      'stack',
      'caller',
      'template',
      'rules',
      'door',
      'ping',
      'dead queue',
      'overflow queue',
    ])
      expect(of(name)).toMatchObject({ result: 'ok' });
    expect(of('ping')).toMatchObject({ message: expect.stringContaining('ended in Pong') });
    expect(of('git')).toMatchObject({ result: 'not checked' });
    expect(of('alarms')).toMatchObject({
      result: 'warning',
      advice: expect.stringContaining('alarmEmail'),
    });

    expect(of('classic.test: webhook secret')).toMatchObject({
      message: expect.stringContaining('a rotation'),
    });
    expect(of('classic.test: API')).toMatchObject({
      result: 'ok',
      message: expect.stringContaining('repo, admin:repo_hook'),
    });
    expect(of('public.test: webhook secret')).toMatchObject({
      result: 'failed',
      advice: expect.stringContaining('secret rotate public.test'),
    });
    expect(of('public.test: API')).toMatchObject({
      result: 'warning',
      advice: expect.stringContaining('the scope repo'),
    });
    expect(of('fine-grained.test: API')).toMatchObject({
      result: 'ok',
      message: expect.stringContaining('contents: read'),
    });
    expect(of('unlimited.test: API')).toMatchObject({
      result: 'ok',
      message: expect.stringContaining('admin:org_hook'),
    });
    expect(of('expired.test: API')).toMatchObject({
      result: 'failed',
      message: expect.stringContaining('401'),
    });
    expect(of('lost.test: API')).toMatchObject({ result: 'failed', message: expect.stringContaining('404') });
    expect(of('ssh.test: token')).toMatchObject({ result: 'not checked' });
    expect(of('ssh.test: ssh key')).toMatchObject({
      result: 'failed',
      message: expect.stringContaining('not a private key'),
    });
    expect(of('ssh.test: known hosts')).toMatchObject({ result: 'failed' });
    expect(of('ssh.test: API')).toMatchObject({
      result: 'warning',
      message: expect.stringContaining('cannot be reached'),
    });
    expect(exitCode).toBe(1);
  });

  it('finds a full dead queue, a rule that was changed by hand, and a delivery that failed', async () => {
    const { deadQueueUrl, busName } = on.hookline.outputs;
    await on.hookline.runtime.call('sqs', 'SendMessage', { QueueUrl: deadQueueUrl, MessageBody: '{}' });
    await on.hookline.runtime.call('events', 'DisableRule', { Name: 'hookline-demo', EventBusName: busName });
    const { deliveryId } = await on.hookline.deliver(
      'push',
      {},
      { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } },
    );
    await on.hookline.ended(deliveryId);
    const { exitCode, of } = await findings();
    expect(of('dead queue')).toMatchObject({
      result: 'failed',
      message: expect.stringContaining('1 delivery'),
    });
    expect(of('rules')).toMatchObject({ result: 'warning', message: 'demo is switched off' });
    expect(of('deliveries')).toMatchObject({
      result: 'warning',
      message: '1 failed in the last 24 hours',
      advice: expect.stringContaining('hookline deliveries list --outcome failed --since 24h'),
    });
    expect(of('ping')).toMatchObject({ result: 'not checked', message: expect.stringContaining('--ping') });
    expect(exitCode).toBe(1);
  });

  it('draws a line for each part, with its mark and what to do', async () => {
    const { stdout } = await on.run(['doctor']);
    expect(stdout).toMatch(/^✔ node +v\d/m);
    expect(stdout).toMatch(/^✖ dead queue +.+\n +→ see "DeadQueue"/m);
  });

  it('looks at the git of this machine, and for no alarms, where everything runs on it', async () => {
    const { stdout } = await on.runLocally('doctor');
    expect(stdout).toMatch(/^✔ git +\d/m);
    expect(stdout).toMatch(/^· alarms +not checked: /m);
  });

  it('says that nothing else was checked where there is no stack', async () => {
    const none = join(on.folder, 'none');
    const { stdout, exitCode } = await runInProcess(['doctor', '--data', none], { cwd: on.folder });
    expect(stdout).toMatch(/^✖ stack +no hookline runs on the folder/m);
    expect(stdout).toMatch(/^· everything else +not checked: it needs the stack$/m);
    expect(exitCode).toBe(1);
  });
});
