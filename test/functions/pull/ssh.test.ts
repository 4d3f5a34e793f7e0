import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { shellQuote, sshCommand } from '../../../functions/pull/ssh.ts';
import { temporaryFolder } from '../../../local/testing.ts';

const WHERE = '"git" in the credentials secret';
const credential = {
  sshKey: ' -----BEGIN KEY-----\r\nabc\r\n-----END KEY----- ',
  knownHosts: 'host ssh-ed25519 AAAA',
};

/** What ssh says that its settings are. */
async function settingsOf(command: string): Promise<Map<string, string>> {
  const { stdout } = await execa('sh', ['-c', `${command} -G git@git.example.com`]);
  return new Map(stdout.split('\n').map((line) => [line.split(' ', 1)[0] ?? '', line.replace(/^\S+ /, '')]));
}

describe('the ssh of a pull', () => {
  it('takes the deploy key and the pinned host keys alone, asks nobody, and passes nothing on', async () => {
    const home = join(temporaryFolder().path, "it's");
    await execa('mkdir', [home]);
    const env = await sshCommand(WHERE, credential, home);
    expect(env.GIT_SSH_VARIANT).toBe('ssh');
    const settings = await settingsOf(env.GIT_SSH_COMMAND ?? '');
    expect(Object.fromEntries(settings)).toMatchObject({
      identityfile: join(home, 'deploy-key'),
      userknownhostsfile: join(home, 'known-hosts'),
      identitiesonly: 'yes',
      identityagent: 'none',
      batchmode: 'yes',
      preferredauthentications: 'publickey',
      stricthostkeychecking: 'true',
      globalknownhostsfile: '/dev/null',
      updatehostkeys: 'false',
      clearallforwardings: 'yes',
      forwardagent: 'no',
      permitlocalcommand: 'no',
      connecttimeout: '20',
      serveraliveinterval: '15',
      serveralivecountmax: '4',
      loglevel: 'ERROR',
    });
  });

  it('reads no settings of the user', async () => {
    const home = temporaryFolder().path;
    const { GIT_SSH_COMMAND = '' } = await sshCommand(WHERE, credential, home);
    expect(GIT_SSH_COMMAND).toMatch(/^'ssh' '-F' '\/dev\/null' /);
  });

  it('has its key and host keys in files for this user alone, with the line ends that ssh takes', async () => {
    const home = temporaryFolder().path;
    await sshCommand(WHERE, credential, home);
    const files = ['deploy-key', 'known-hosts'].map((name) => join(home, name));
    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual([
      '-----BEGIN KEY-----\nabc\n-----END KEY-----\n',
      'host ssh-ed25519 AAAA\n',
    ]);
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('writes over no file that is there', async () => {
    const home = temporaryFolder().path;
    await writeFile(join(home, 'deploy-key'), 'planted');
    await expect(sshCommand(WHERE, credential, home)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it.each(['sshKey', 'knownHosts'])('is refused without %s', async (missing) => {
    const home = temporaryFolder().path;
    await expect(sshCommand(WHERE, { ...credential, [missing]: '' }, home)).rejects.toMatchObject({
      name: 'CredentialRefused',
      message: `${missing} of ${WHERE} is not set, and the host is cloned over ssh; set it`,
    });
  });
});

it('a word of the shell comes out as it went in', async () => {
  const word = `it's "$HOME" 'twice' \\ and\nmore`;
  const { stdout } = await execa('sh', ['-c', `printf %s ${shellQuote(word)}`]);
  expect(stdout).toBe(word);
});
