import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorName, pullExitStatus } from '../../../functions/shared/errors.ts';
import { type Bench, openBench, type Run } from '../../support/functions/pull-program.ts';
import { type Sshd, startSshd } from '../../support/sshd.ts';
import { readZip } from '../../support/zip.ts';

describe('a pull over ssh', () => {
  let bench: Bench;
  let sshd: Sshd;
  let other: Sshd;
  let commit: string;
  beforeAll(async () => {
    bench = await openBench();
    const start = async (name: string) => {
      const folder = join(bench.folder, name);
      await mkdir(folder);
      return startSshd(folder);
    };
    [sshd, other] = await Promise.all([start('sshd'), start('other')]);
    configure({});
    commit = await bench.app.commit({ 'a.txt': 'over ssh' });
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  });
  afterEach(() => configure({}));
  afterAll(async () => {
    await Promise.all([sshd?.close(), other?.close()]);
    await bench?.close();
  });

  const configure = (credential: { sshKey?: string | undefined; knownHosts?: string | undefined }) => {
    const ssh = `${sshd.url}${bench.root}`;
    bench.aws.hosts = { git: { provider: 'github', url: bench.host.url, clone: 'ssh', ssh } };
    bench.aws.credentials = { git: { sshKey: sshd.key, knownHosts: sshd.knownHosts, ...credential } };
  };
  const expectError = (run: Run, name: ErrorName, words: string) => {
    expect(run.output).toContain(`${name}: `);
    expect(run.output).toContain(words);
    expect(run).toMatchObject({ status: pullExitStatus[name], left: [] });
    for (const line of sshd.key.split('\n').slice(1, 4)) expect(run.output).not.toContain(line);
  };

  it('stores the same artifact, and leaves no key behind', async () => {
    const run = await bench.run({ commit });
    expect(run, run.output).toMatchObject({ status: 0, left: [], exports: { COMMIT: commit } });
    const object = bench.aws.objects.get(run.exports.KEY ?? '');
    expect(object?.body.equals(await bench.app.archive(commit))).toBe(true);
    expect(bench.host.requests).toEqual([]);
  });

  it('takes a key that was pasted with the line ends of Windows, and without the last one', async () => {
    configure({ sshKey: sshd.key.trim().replaceAll('\n', '\r\n') });
    const run = await bench.run({ commit });
    expect(run, run.output).toMatchObject({ status: 0, left: [], exports: { COMMIT: commit } });
  });

  it('uses neither the keys nor the settings of the user', async () => {
    const folder = join(bench.folder, 'ssh-program');
    await mkdir(folder);
    await writeFile(
      join(folder, 'ssh'),
      `#!/bin/sh\nprintf '%s ' "$@" "agent=$SSH_AUTH_SOCK" > '${folder}/seen'\nexit 255\n`,
    );
    await chmod(join(folder, 'ssh'), 0o755);
    const env = { PATH: `${folder}:${process.env.PATH}`, SSH_AUTH_SOCK: '/agent', GIT_SSH_COMMAND: 'false' };
    const run = await bench.run({ commit: 'c'.repeat(40) }, env);
    const seen = await readFile(join(folder, 'seen'), 'utf8');
    for (const word of [
      '-F /dev/null',
      'IdentitiesOnly=yes',
      'IdentityAgent=none',
      'StrictHostKeyChecking=yes',
    ])
      expect(seen).toContain(word);
    expect(seen).toMatch(/ agent= $/);
    expect(run.status).not.toBe(0);
  });

  it('refuses a host key that is not the pinned one', async () => {
    const [name] = sshd.knownHosts.split(' ');
    configure({ knownHosts: [name, ...other.knownHosts.split(' ').slice(1)].join(' ') });
    expectError(await bench.run({ commit }), 'CredentialRefused', 'correct knownHosts');
  });

  it('refuses a host without a pinned key', async () => {
    configure({ knownHosts: other.knownHosts });
    expectError(await bench.run({ commit }), 'CredentialRefused', 'correct knownHosts');
  });

  it.each([
    ['a key that may not log in', () => other.key, 'refused the credential'],
    ['text that is no key', () => 'no key at all', 'refused the credential'],
    ['no key', () => undefined, 'sshKey of "git" in the credentials secret is not set'],
  ])('names %s', async (_, sshKey, words) => {
    configure({ sshKey: sshKey() });
    if (sshKey() === undefined) bench.aws.credentials = { git: { knownHosts: sshd.knownHosts } };
    expectError(await bench.run({ commit }), 'CredentialRefused', words);
  });

  it('names missing host keys', async () => {
    bench.aws.credentials = { git: { sshKey: sshd.key } };
    expectError(await bench.run({ commit }), 'CredentialRefused', 'knownHosts of "git"');
  });

  it('names a repository that is not there', async () => {
    expectError(await bench.run({ commit, repository: 'acme/none' }), 'RepositoryMissing', 'acme/none');
  });

  it('says of a commit that is not there that the ref has it no more', async () => {
    const run = await bench.run({ commit: 'd'.repeat(40) });
    expect(run, run.output).toMatchObject({ status: 0, exports: { OUTCOME: 'off-ref' } });
  });

  it('brings submodules of the same host over ssh, by any form of its address', async () => {
    const lib = await bench.repository('acme/lib');
    const inner = await lib.commit({ 'lib.txt': 'lib' });
    await lib.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    const modules = ['../lib.git', `${bench.host.url}/acme/lib.git`, `${sshd.url}${bench.root}/acme/lib`];
    const text = modules.map((url, n) => `[submodule "${n}"]\n\tpath = libs/${n}\n\turl = ${url}\n`).join('');
    await bench.app.commit({ '.gitmodules': text });
    for (const n of modules.keys())
      await bench.app.git('update-index', '--add', '--cacheinfo', `160000,${inner},libs/${n}`);
    await bench.app.git('commit', '--quiet', '-m', 'Submodules');
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    const run = await bench.run({ pull: { submodules: true } });
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    const entries = await readZip(bench.aws.objects.get(run.exports.KEY ?? '')?.body ?? Buffer.alloc(0));
    expect([...entries.keys()].filter((path) => path.endsWith('lib.txt'))).toEqual([
      'libs/0/lib.txt',
      'libs/1/lib.txt',
      'libs/2/lib.txt',
    ]);
    expect(bench.host.requests).toEqual([]);
  });
});
