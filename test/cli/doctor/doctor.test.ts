import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from '../../../cli/up/synthesis.ts';
import type { Finding } from '../../../operate/doctor/index.ts';
import { checkSenders } from '../../../operate/doctor/senders.ts';
import { gitHosts } from '../../../operate/hosts/hosts.ts';
import { type Commanded, startCommand } from '../../support/cli/command.ts';
import { runInProcess } from '../../support/cli/in-process.ts';
import { ROOT } from '../../support/docs/commands.ts';
import { type FakeAccount, startFakeAccount } from '../../support/fake-account.ts';
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

// As https://api.github.com/meta has them.
const SENDERS = ['192.30.252.0/22', '2a0a:a440::/29'];

let on: Commanded;
let host: Server;
let account: FakeAccount;
beforeAll(async () => {
  // As cdk deploy makes it, which is what doctor holds a deployed stack against.
  const { directory } = await synthesize(ROOT, { deployed: true });
  on = await startCommand({ assembly: directory });
  account = await startFakeAccount({
    quotas: { 'L-1DFDD5F9': 20 },
    defaultQuota: 1000,
    subscribers: { 'team@example.com': true },
  });
  host = createServer((request, response) => {
    const token = (request.headers.authorization ?? '').replace('token ', '');
    const [status, scopes, message] = ANSWERS[token] ?? [500];
    const header = scopes === undefined ? {} : { 'x-oauth-scopes': scopes };
    response.writeHead(status, { 'content-type': 'application/json', ...header });
    response.end(JSON.stringify({ message, ...(request.url?.endsWith('/meta') ? { hooks: SENDERS } : {}) }));
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
  await account?.close();
  await on?.remove();
});

interface Findings {
  readonly exitCode: number | undefined;
  readonly of: (name: string) => unknown;
}

const findings = (...args: string[]): Promise<Findings> => findingsIn(account.env, ...args);

/** @param env where the services of the account are that the local runtime has not */
async function findingsIn(env: FakeAccount['env'], ...args: string[]): Promise<Findings> {
  const command = ['doctor', '--json', '--stack', on.hookline.outputs.stackName, ...args];
  const { stdout, exitCode } = await runInProcess(command, { cwd: on.folder, env: { ...on.env, ...env } });
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
      'pipelines',
      'door',
      'ping',
      'dead queue',
      'overflow queue',
      'unrecorded queue',
    ])
      expect(of(name)).toMatchObject({ result: 'ok' });
    expect(of('ping')).toMatchObject({ message: expect.stringContaining('ended in Pong') });
    expect(of('git')).toMatchObject({ result: 'not checked' });
    expect(of('alarms')).toMatchObject({ result: 'ok', message: expect.stringContaining('someone is told') });
    expect(of('quota of builds, Lambda')).toMatchObject({ result: 'ok' });
    expect(of('quota of builds, EC2')).toMatchObject({ result: 'not checked' });
    expect(of('quota of functions')).toMatchObject({
      result: 'ok',
      message: '"Concurrent executions" (L-B99A9384) is 1000',
    });
    expect(of('senders')).toMatchObject({ result: 'ok', message: 'the door lets every address in' });

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
    const { deadQueueUrl, unrecordedQueueUrl } = on.hookline.outputs;
    for (const QueueUrl of [deadQueueUrl, unrecordedQueueUrl])
      await on.hookline.runtime.call('sqs', 'SendMessage', { QueueUrl, MessageBody: '{}' });
    const { deliveryId } = await on.hookline.deliver(
      'push',
      {},
      { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } },
    );
    await on.hookline.ended(deliveryId);
    await on.hookline.switchRule('default', 'DISABLED');
    const { exitCode, of } = await findings();
    expect(of('unrecorded queue')).toMatchObject({
      result: 'failed',
      message: expect.stringMatching(/^1 end .* could not be recorded$/),
    });
    expect(of('dead queue')).toMatchObject({
      result: 'failed',
      message: expect.stringContaining('1 delivery'),
    });
    expect(of('rules')).toMatchObject({ result: 'warning', message: 'default is switched off' });
    expect(of('deliveries')).toMatchObject({
      result: 'warning',
      message: '1 failed in the last 24 hours',
      advice: expect.stringContaining('hookline deliveries list --outcome failed --since 24h'),
    });
    expect(of('ping')).toMatchObject({ result: 'not checked', message: expect.stringContaining('--ping') });
    expect(exitCode).toBe(1);
  });

  it('says of a new account what to raise, whom to tell and which secret to make', async () => {
    account.state.quotas = { 'L-1DFDD5F9': 0, 'L-B99A9384': 10 };
    account.state.subscribers = {};
    const { exitCode, of } = await findingsIn(account.envWithoutSecrets);
    expect(of('quota of builds, Lambda')).toMatchObject({
      result: 'failed',
      message: expect.stringContaining('every delivery that needs it fails'),
      advice: expect.stringContaining('Service Quotas'),
    });
    expect(of('quota of functions')).toMatchObject({
      result: 'warning',
      message: '"Concurrent executions" (L-B99A9384) is 10: a burst of pushes waits',
    });
    expect(of('alarms')).toMatchObject({
      result: 'warning',
      advice: expect.stringContaining(
        'set alarmEmail in cdk.json and deploy, or subscribe to the topic arn:',
      ),
    });
    expect(of('classic.test: webhook secret')).toMatchObject({
      result: 'failed',
      message: expect.stringContaining("can't find the specified secret"),
      advice: expect.stringContaining('restore-secret'),
    });
    // CloudFormation answers `?` for what is not ASCII, and that is no drift.
    expect(of('template')).toMatchObject({ result: 'ok' });
    expect(exitCode).toBe(1);
  });

  it('says whose mail waits for somebody to confirm it', async () => {
    account.state.subscribers = { 'team@example.com': false };
    const { of } = await findings();
    expect(of('alarms')).toMatchObject({
      result: 'warning',
      message: expect.stringContaining('team@example.com has not confirmed'),
      advice: expect.stringContaining('Subscription Confirmation'),
    });
  });

  it('takes whoever has ended the subscription for nobody', async () => {
    account.state.subscribers = { 'team@example.com': 'ended' };
    const { of } = await findings();
    expect(of('alarms')).toMatchObject({
      result: 'warning',
      message: expect.stringContaining('nobody is told'),
    });
  });

  it.each([
    [SENDERS, 'ok', 'does not say where it sends from'],
    [['192.0.0.0/8', '::/0'], 'ok', 'the door lets in 2 ranges'],
    [['192.30.252.0/23', '2a0a:a440::/29'], 'failed', 'turns away webhooks from 192.30.252.0/22, which'],
    [['192.30.252.0/22'], 'failed', 'turns away webhooks from 2a0a:a440::/29, which'],
  ])(
    'holds the door that lets in %j against what the hosts say they send from',
    async (allowFrom, result, message) => {
      const Policy = {
        Statement: [{ Effect: 'Deny', Condition: { NotIpAddress: { 'aws:SourceIp': allowFrom } } }],
      };
      const template = JSON.stringify({
        Resources: { Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Policy } } },
      });
      const connection = await on.hookline.connection();
      const hosts = (await gitHosts(connection)).filter(({ name }) => /^(classic|ssh)\.test$/.test(name));
      const found = await checkSenders(connection, hosts, template);
      expect(found).toMatchObject({ result, message: expect.stringContaining(message) });
      connection.close();
    },
  );

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
