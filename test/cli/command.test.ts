import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Commanded, startCommand } from '../support/cli/command.ts';
import { runInProcess } from '../support/cli/in-process.ts';

let on: Commanded;
let deliveryId: string;
let commit: string;
beforeAll(async () => {
  on = await startCommand();
  ({ commit, deliveryId } = await on.push());
});
afterAll(() => on?.remove());

describe('hookline outputs', () => {
  it('says where everything is, to people and to scripts', async () => {
    const [local, deployed, table] = await Promise.all([
      on.runLocally('outputs', '--json'),
      on.json('outputs'),
      on.run(['outputs']),
    ]);
    expect(JSON.parse(local.stdout)).toEqual(on.hookline.outputs);
    // What is only there on one machine is no output of the stack.
    const {
      endpointUrl: _,
      gitUrl: __,
      consoleUrl: ___,
      rulesFolder: ____,
      ...outputs
    } = on.hookline.outputs;
    expect(deployed).toEqual(outputs);
    expect(table.stdout).toMatch(/^bucket +\S+$/m);
    expect(table.stdout).not.toMatch(/^\w*[0-9A-F]{8} /m);
  });
});

describe('the environment', () => {
  it('names the deployment where the call does not', async () => {
    const { stackName } = on.hookline.outputs;
    const local = { cwd: on.folder, env: { HOOKLINE_DATA: on.hookline.data } };
    const stack = { cwd: on.folder, env: { ...on.env, HOOKLINE_STACK: stackName } };
    const nowhere = { cwd: on.folder, env: { ...on.env, HOOKLINE_STACK: 'Nowhere' } };
    for (const [args, options] of [
      [[], local],
      [[], stack],
      [['--stack', stackName], nowhere],
      [['--data', on.hookline.data], nowhere],
    ] as const)
      expect(await runInProcess(['outputs', '--json', ...args], options)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(`"stackName": "${stackName}"`),
      });
  });

  it('has a version of the command', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await runInProcess(['--version'], { cwd: on.folder })).toMatchObject({
      exitCode: 0,
      stdout: version,
    });
  });
});

describe('a call that cannot be carried out', () => {
  it('says what to write instead', async () => {
    const address = join(on.hookline.data, 'address.json');
    const stale = JSON.stringify({
      ...JSON.parse(await readFile(address, 'utf8')),
      endpointUrl: 'http://127.0.0.1:9',
    });
    await writeFile(join(on.folder, 'address.json'), stale);
    const wrong: [number, RegExp, string[]][] = [
      [
        1,
        /^hookline: nothing answers at http:\/\/127\.0\.0\.1:9, .*start it again/,
        ['outputs', '--data', on.folder],
      ],
      [1, /^hookline: there is no file or folder nowhere: name a rule file/, ['rules', 'check', 'nowhere']],
      [1, /^hookline: there is no folder nowhere: .*--rules$/, ['up', '--rules', 'nowhere', '--port', '0']],
      [2, /say what the rule matches, with --event, --repository, --ref or --tag/, ['rules', 'new', 'x']],
      [
        2,
        /--outcome <outcomes>' argument '' is invalid. the value is empty: give one, or leave the option out/,
        ['deliveries', 'list', '--outcome', ''],
      ],
    ];
    for (const [exitCode, stderr, args] of wrong)
      expect(await runInProcess(args, { cwd: on.folder })).toMatchObject({
        exitCode,
        stderr: expect.stringMatching(stderr),
      });
    const lost = await on.run(['artifacts', 'list', '--cursor', 'nonsense']);
    expect(lost).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('nonsense is not a token of this list'),
    });
  });

  it('says how to come to credentials and a Region', async () => {
    const env = {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const outputs = ['outputs', '--stack', 'Hookline'];
    const lost = await runInProcess(outputs, { cwd: on.folder, env });
    expect(lost).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('set AWS_REGION') });
    const alone = await runInProcess(outputs, { cwd: on.folder, env: { ...env, AWS_REGION: 'us-east-1' } });
    expect(alone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('aws sso login') });
  });
});

describe('hookline rules', () => {
  it('says what each matches in words, and why a delivery does or does not', async () => {
    const [rules, explained, nothing] = await Promise.all([
      on.json('rules', 'list'),
      on.json('rules', 'explain', deliveryId),
      on.run(['rules', 'explain']),
    ]);
    expect(rules).toMatchObject([
      {
        name: 'default',
        words:
          'event is "push" or is "ping" and payload.repository.full_name is not "hookline/demo" or is not there',
      },
      {
        name: 'demo',
        words: 'payload.repository.full_name is "hookline/demo"',
        pipeline: 'hookline-example',
      },
    ]);
    expect(explained).toMatchObject([
      { rule: 'default', matches: true, clauses: [{ matches: true }, { matches: true }] },
      { rule: 'demo', matches: false, clauses: [{ path: 'payload.repository.full_name', matches: false }] },
    ]);
    expect(nothing.stderr).toContain('name a delivery, or a file with --payload');
  });

  it('explains a payload from a file, and checks rule files with line and column', async () => {
    const [payload, rule] = [join(on.folder, 'push.json'), join(on.folder, 'wrong.yaml')];
    await writeFile(payload, JSON.stringify({ repository: { full_name: 'hookline/demo' } }));
    await writeFile(rule, 'description: x\nmatch: { event: push }\n');
    const [explained, checked] = await Promise.all([
      on.json('rules', 'explain', '--payload', payload, '--rule', 'demo'),
      runInProcess(['rules', 'check', rule], { cwd: on.folder }),
    ]);
    expect(explained).toMatchObject([{ rule: 'demo', matches: true }]);
    expect(checked).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/wrong\.yaml:2:\d+: /) });
  });
});

describe('hookline artifacts', () => {
  it('lists and gets what was made, and says how far it is', async () => {
    const listed = await on.json('artifacts', 'list', 'localhost/acme/');
    expect(listed).toMatchObject({ artifacts: [{ key: expect.stringContaining('refs/heads/main.zip') }] });
    expect(await on.json('artifacts', 'list', 'commits/localhost/acme/')).toMatchObject({
      artifacts: [{ key: expect.stringContaining(`/${commit}.zip`) }],
    });
    const { artifacts } = listed as { artifacts: { key: string; bytes: number }[] };
    const [{ key, bytes } = { key: '', bytes: 0 }] = artifacts;
    const [got, none] = await Promise.all([
      on.run(['artifacts', 'get', key, 'app.zip']),
      on.run(['artifacts', 'get', 'no/such.zip']),
    ]);
    expect(got).toMatchObject({ stdout: 'Wrote app.zip', stderr: expect.stringMatching(/^ *100 % /m) });
    expect(await readFile(join(on.folder, 'app.zip'))).toHaveLength(bytes);
    expect(none.stderr).toContain('no artifact no/such.zip');
  });
});

describe('hookline secret', () => {
  it('takes a value from standard input and never shows it', async () => {
    const { stdout } = await on.run(['secret', 'set', 'github.com', 'token'], 'very-hidden\n');
    expect(stdout).toBe('Set the token of github.com: the functions use the new value within a minute');
    const [listed, evil, empty, kind] = await Promise.all([
      on.json('secret', 'list'),
      on.run(['secret', 'set', 'evil.test', 'token'], 'x'),
      on.run(['secret', 'set', 'github.com', 'token'], ' '),
      on.run(['secret', 'set', 'github.com', 'password'], 'x'),
    ]);
    expect(listed).toMatchObject({ 'github.com': ['webhook', 'token'] });
    expect(evil.stderr).toContain('the host evil.test is not configured: there are github.com, localhost');
    expect(empty.stderr).toContain('is empty');
    expect(kind.exitCode).toBe(2);
  });

  it('makes a key from Windows one that ssh reads, and says so', async () => {
    const key = ['-----BEGIN OPENSSH PRIVATE KEY-----', 'bm90IGEga2V5', '-----END OPENSSH PRIVATE KEY-----'];
    const { stdout } = await on.run(['secret', 'set', 'localhost', 'ssh-key'], key.join('\r\n'));
    expect(stdout.split('\n')).toEqual([
      'Set the ssh-key of localhost: the functions use the new value within a minute',
      'In the given value, the line ends of Windows became those of Unix, and a line end was put at the end',
    ]);
    const parameter = (await on.hookline.runtime.call('ssm', 'GetParameter', {
      Name: on.hookline.outputs.hostsParameter,
    })) as { Parameter: { Value: string } };
    const { SecretString } = (await on.hookline.runtime.call('secretsmanager', 'GetSecretValue', {
      SecretId: JSON.parse(parameter.Parameter.Value).localhost.credentialSecret,
    })) as { SecretString: string };
    expect(JSON.parse(SecretString).localhost.sshKey).toBe(`${key.join('\n')}\n`);
    const again = await on.run(['secret', 'set', 'localhost', 'ssh-key'], `${key.join('\n')}\n`);
    expect(again.stdout).toBe(
      'Set the ssh-key of localhost: the functions use the new value within a minute',
    );
  });

  it('shows a webhook secret to whoever says so', async () => {
    const [hidden, shown, unknown] = [
      await on.run(['secret', 'show', 'localhost']),
      await on.run(['secret', 'show', 'localhost', '--reveal']),
      await on.run(['secret', 'show', 'nowhere.test', '--reveal']),
    ];
    expect(hidden).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('add --reveal'),
    });
    expect(shown).toMatchObject({ exitCode: 0, stdout: on.hookline.secrets.webhookSecret });
    expect(unknown.stderr).toContain('the host nowhere.test is not configured');
  });

  it('rotates a webhook secret: the new one beside the present one', async () => {
    const first = (await on.json('secret', 'rotate', 'github.com')) as { secret: string };
    const second = (await on.json('secret', 'rotate', 'github.com')) as { secret: string };
    const { SecretString } = (await on.hookline.runtime.call('secretsmanager', 'GetSecretValue', {
      SecretId: on.hookline.outputs.webhookSecretArn,
    })) as { SecretString: string };
    expect(JSON.parse(SecretString)).toMatchObject({ 'github.com': [second.secret, first.secret] });
  });
});

describe('a folder without a running Hookline', () => {
  it('is named, with what to do, whether none ever ran there or it ended without a word', async () => {
    const gone = join(on.folder, 'address.json');
    const { outputs, access } = on.hookline;
    const address = { ...outputs, ...access, endpointUrl: 'http://127.0.0.1:9', gitUrl: '', consoleUrl: '' };
    await writeFile(gone, JSON.stringify(address));
    const list = (data: string) => runInProcess(['deliveries', 'list', '--data', data], { cwd: on.folder });
    const [never, ended] = await Promise.all([list(join(on.folder, 'none')), list(on.folder)]);
    expect(never).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no hookline runs on') });
    expect(ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('nothing answers at http://127.0.0.1:9'),
    });
  });
});
