import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullExitStatus } from '../../../functions/shared/errors.ts';
import { authority, host, otherAuthority } from '../../support/certificates/certificates.ts';
import { type Bench, openBench, type Run, token } from '../../support/functions/pull-program.ts';

describe('a pull from a host whose certificate a private authority has signed', () => {
  let bench: Bench;
  let commit: string;
  beforeAll(async () => {
    bench = await openBench(host);
    commit = await bench.app.commit({ 'a.txt': 'one' });
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  });
  afterAll(() => bench?.close());

  const pull = (ca: string | undefined, more: Parameters<Bench['run']>[0] = {}, env = {}): Promise<Run> => {
    bench.aws.hosts = { git: { provider: 'github', url: bench.host.url, ca } };
    bench.aws.objects.clear();
    return bench.run({ commit, ...more }, env);
  };
  const expectUntrusted = (run: Run, ...words: readonly string[]) => {
    expect(run.output).toMatch(
      /^HostUntrusted: the certificate of \S+ is not signed by a known authority: /m,
    );
    for (const word of words) expect(run.output).toContain(word);
    expect(run).toMatchObject({ status: pullExitStatus.HostUntrusted, left: [] });
  };

  it('stores the artifact, with the token, when `ca` has the authority', async () => {
    const run = await pull(authority);
    expect(run, run.output).toMatchObject({ status: 0, left: [], exports: { COMMIT: commit } });
    const object = bench.aws.objects.get(run.exports.KEY ?? '');
    expect(object?.body.equals(await bench.app.archive(commit))).toBe(true);
  });

  it('says what to set without `ca`, and sends no token', async () => {
    const asked = bench.host.requests.length;
    expectUntrusted(
      await pull(undefined),
      'set hosts.git.ca in cdk.json to the certificate of its authority',
    );
    expect(bench.host.requests.length).toBe(asked);
  });

  it('says what to correct when `ca` has another authority', async () => {
    expectUntrusted(await pull(otherAuthority), 'hosts.git.ca in cdk.json has another authority: correct it');
  });

  it('trusts the authority of one host for no other, as of a submodule', async () => {
    const lib = await bench.repository('acme/lib');
    const inside = await lib.commit({ 'b.txt': 'two' });
    await lib.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    // The same server and certificate under another name.
    const other = `${bench.host.url.replace('127.0.0.1', 'localhost')}/acme/lib.git`;
    await bench.app.commit({ '.gitmodules': `[submodule "lib"]\n\tpath = lib\n\turl = ${other}\n` });
    await bench.app.git('update-index', '--add', '--cacheinfo', `160000,${inside},lib`);
    await bench.app.git('commit', '--quiet', '--amend', '--no-edit');
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/sub');
    const head = await bench.app.git('rev-parse', 'HEAD');
    const run = await pull(authority, {
      ref: 'refs/heads/sub',
      commit: head,
      pull: { submodules: { from: [`${new URL(other).origin}/acme/*`] } },
    });
    expectUntrusted(run, other, 'for a configured host alone');
    expect(run.output).not.toContain(token);
  });

  it('goes by `ca` whatever certificates the environment has for every host', async () => {
    expectUntrusted(await pull(undefined, {}, { GIT_SSL_CAINFO: '/dev/null', GIT_SSL_NO_VERIFY: '1' }));
    const run = await pull(authority, {}, { GIT_SSL_CAINFO: '/dev/null' });
    expect(run, run.output).toMatchObject({ status: 0 });
  });
});
