import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitHostSecrets, registerGitHost } from '../../../cli/up/git-host.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-git-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const file = () => join(folder, 'secrets.json');

describe("the git host's secrets", () => {
  it('are made once, whole, for their owner alone', async () => {
    const made = await gitHostSecrets(folder);
    expect(await gitHostSecrets(folder)).toEqual(made);
    expect(await readdir(folder)).toEqual(['secrets.json']);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it.each([
    [
      'is cut',
      (text: string) => text.slice(0, 20),
      'secrets.json is not JSON: put it back from a copy, or remove it',
    ],
    ['is empty', () => '', 'secrets.json is not JSON: put it back from a copy, or remove it'],
    [
      'lacks one',
      () => '{"token":"t"}',
      'secrets.json has no webhookSecret: put it back from a copy, or remove it',
    ],
  ])('whose file %s are refused by its name, and the file stays', async (_, damage, words) => {
    await gitHostSecrets(folder);
    const damaged = damage(await readFile(file(), 'utf8'));
    await writeFile(file(), damaged);
    await expect(gitHostSecrets(folder)).rejects.toThrow(words);
    expect(await readFile(file(), 'utf8')).toBe(damaged);
  });
});

describe('the host of git on this machine', () => {
  it('is not made known by a secret that is no JSON, of which no word is told', async () => {
    const hosts = { 'github.com': { provider: 'github', credentialSecret: 'arn:credentials' } };
    const call = async (service: string) =>
      service === 'ssm' ? { Parameter: { Value: JSON.stringify(hosts) } } : { SecretString: 'ghp_secret' };
    const names = { hostsParameter: 'hosts', webhookSecretArn: 'arn:webhook' };
    const secrets = { token: 't', webhookSecret: 's' };
    const error = await registerGitHost(call, names, 'http://localhost', secrets).catch(
      (thrown: unknown) => thrown,
    );
    expect(inspect(error)).toContain('the secret arn:webhook is not JSON: write an object');
    expect(inspect(error)).not.toContain('ghp_');
  });
});
