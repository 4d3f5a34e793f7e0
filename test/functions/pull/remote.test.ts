import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Host, hostsSchema } from '../../../events/hosts.ts';
import { redact } from '../../../functions/pull/log.ts';
import { accessTo, unconfiguredRemote } from '../../../functions/pull/remote.ts';
import { temporaryFolder } from '../../../local/testing.ts';
import { stubAwsEnvironment } from '../../support/functions/aws-environment.ts';
import { type Aws, startAws } from '../../support/functions/pull-aws.ts';

const URL = 'https://git.example.com:8443/git';

describe('the way to a host', () => {
  let aws: Aws;
  let home: string;
  beforeAll(async () => {
    aws = await startAws();
    stubAwsEnvironment(aws.endpoint);
  });
  beforeEach(() => {
    home = temporaryFolder().path;
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await aws.close();
  });

  let secrets = 0;
  // A secret is kept for a minute, so that each test has its own.
  const hostOf = (more: object): Host => {
    const { git } = hostsSchema.parse({
      git: {
        provider: 'github',
        url: URL,
        ssh: 'ssh://git@ssh.example.com:22',
        credentialSecret: `s${++secrets}`,
        ...more,
      },
    });
    if (!git) throw new Error('there is no host');
    return git;
  };

  it('over HTTPS shows the token to that host alone, and to no log', async () => {
    aws.credentials = { git: { token: 'the-token-itself' } };
    const access = await accessTo('git', hostOf({}), { token: 'another-token' }, home);
    expect(access.base).toBe(URL);
    const { authorization, ...remote } = access.remote('acme/app');
    expect(remote).toEqual({
      url: `${URL}/acme/app.git`,
      protocol: 'https',
      config: [],
      env: {},
      credential: '"git" in the credentials secret',
      trust: { host: 'git', hasAuthority: false },
    });
    const basic = Buffer.from('x-access-token:the-token-itself').toString('base64');
    expect(await authorization?.()).toEqual([[`http.${URL}/.extraHeader`, `Authorization: Basic ${basic}`]]);
    expect(redact(`the-token-itself, ${basic}, another-token`)).toBe('***, ***, ***');
  });

  it('has the user name of its credential, and no header without a token', async () => {
    aws.credentials = { git: { token: 'another-user', username: 'bot' } };
    const { authorization } = (await accessTo('git', hostOf({}), { username: 'bot' }, home)).remote(
      'acme/app',
    );
    const basic = Buffer.from('bot:another-user').toString('base64');
    expect(await authorization?.()).toEqual([[`http.${URL}/.extraHeader`, `Authorization: Basic ${basic}`]]);
    const open = await accessTo('git', hostOf({ credentialSecret: undefined }), {}, temporaryFolder().path);
    expect(await open.remote('acme/app').authorization?.()).toEqual([]);
  });

  it('names what was wrong with the credential', async () => {
    aws.credentials = 'no map';
    const { authorization } = (await accessTo('git', hostOf({}), {}, home)).remote('acme/app');
    await expect(authorization?.()).rejects.toMatchObject({ name: 'Misconfigured' });
  });

  it('over SSH has the deploy key, which no log shows, and asks for no token', async () => {
    const credential = { sshKey: 'the-deploy-key', knownHosts: 'host key' };
    const access = await accessTo('git', hostOf({ clone: 'ssh' }), credential, home);
    expect(access.base).toBe('ssh://git@ssh.example.com:22');
    const remote = access.remote('acme/app');
    expect(remote).toMatchObject({ url: 'ssh://git@ssh.example.com:22/acme/app.git', protocol: 'ssh' });
    expect(remote).not.toHaveProperty('authorization');
    expect(remote.env.GIT_SSH_COMMAND).toContain(join(home, 'deploy-key'));
    expect(redact('the-deploy-key')).toBe('***');
  });

  it('trusts the host’s own authority besides the public ones, at the host and below it', async () => {
    const access = await accessTo('git', hostOf({ ca: 'PRIVATE' }), {}, home);
    const file = join(home, 'authority.pem');
    expect(access.remote('acme/app')).toMatchObject({
      config: [
        ['http.https://git.example.com:8443/.sslCAInfo', file],
        ['http.https://*.git.example.com:8443/.sslCAInfo', file],
      ],
      trust: { host: 'git', hasAuthority: true },
    });
    expect(await readFile(file, 'utf8')).toBe([...rootCertificates, 'PRIVATE'].join('\n'));
  });

  it('writes the authority over no file that is there', async () => {
    await writeFile(join(home, 'authority.pem'), 'planted');
    await expect(accessTo('git', hostOf({ ca: 'PRIVATE' }), {}, home)).rejects.toMatchObject({
      code: 'EEXIST',
    });
  });

  it('leads to no name that is none', async () => {
    const access = await accessTo('git', hostOf({}), {}, home);
    expect(() => access.remote('acme/../evil')).toThrow('is not of the form owner/name');
  });
});

describe('a repository of another host', () => {
  it('is reached over HTTPS, with nothing of ours', () => {
    expect(unconfiguredRemote('HTTPS://Other.example/x y')).toEqual({
      url: 'https://other.example/x%20y',
      protocol: 'https',
      config: [],
      env: {},
      credential: 'nothing: hookline has no credential for another host',
    });
  });

  it.each([
    'http://other.example/x',
    'ssh://other.example/x',
    'file:///etc',
    'https://user@other.example/x',
    'https://:word@other.example/x',
    'no url',
  ])('is refused by %s', (url) => {
    expect(() => unconfiguredRemote(url)).toThrow(
      expect.objectContaining({
        name: 'HostUnknown',
        message: `submodule url ${JSON.stringify(url)} leads to a host that is not the repository's own; such a one must be https without user or password`,
      }),
    );
  });
});
