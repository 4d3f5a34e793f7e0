import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorName, pullExitStatus } from '../../../functions/shared/errors.ts';
import { AwsError } from '../../../local/core/aws-error.ts';
import { type Bench, openBench, type Run, token } from '../../support/functions/pull-program.ts';

const absent = 'a'.repeat(40);

describe('a pull that fails', () => {
  let bench: Bench;
  let commit: string;
  let settings: Pick<Bench['aws'], 'hosts' | 'credentials'>;
  beforeAll(async () => {
    bench = await openBench();
    settings = { hosts: bench.aws.hosts, credentials: bench.aws.credentials };
    commit = await bench.app.commit({ 'a.txt': 'a' });
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  });
  afterEach(() => {
    Object.assign(bench.aws, settings);
    bench.host.intercept = () => false;
  });
  afterAll(() => bench?.close());

  const expectError = (run: Run, name: ErrorName, ...words: string[]) => {
    expect(run.output).toContain(`${name}: `);
    for (const word of words) expect(run.output).toContain(word);
    expect(run.status).toBe(pullExitStatus[name]);
    expect(run.left).toEqual([]);
    expect(run.output).not.toContain(token);
  };
  /** Lets the git host answer everything with this status. */
  const answering = (status: number, headers: Record<string, string> = {}, body = '') => {
    bench.host.intercept = (_request, response) => {
      response.writeHead(status, headers).end(body);
      return true;
    };
  };
  /** Answers the first `times` fetches with this pack; the look-up's post comes first in each pull. */
  const damaging = (pack: string, times: number): Record<string, string> => {
    let posts = 0;
    const packet = (text: string) => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
    bench.host.intercept = (request, response) => {
      if (request.method !== 'POST' || ++posts === 1 || posts > times + 1) return false;
      request.resume();
      response
        .writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' })
        .end(`${packet('packfile\n')}${packet(`\x01${pack}`)}0000`, 'latin1');
      return true;
    };
    return {};
  };
  /** A PATH on which this program runs before git. */
  const before = async (name: string, script: string) => {
    const folder = join(bench.folder, name);
    await mkdir(folder);
    await writeFile(join(folder, 'git'), `#!/bin/sh\n${script}\nPATH=\${PATH#*:} exec git "$@"\n`);
    await chmod(join(folder, 'git'), 0o755);
    return { PATH: `${folder}:${process.env.PATH}` };
  };

  it('not for a commit that a forced push took away and the host has collected: the ref does not hold it', async () => {
    const lost = await bench.app.commit({ 'a.txt': 'lost' });
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/rewritten');
    await bench.app.git('push', '--quiet', '--force', 'origin', `${commit}:refs/heads/rewritten`);
    await execa('git', ['gc', '--quiet', '--prune=now'], { cwd: join(bench.root, 'acme/app.git') });
    for (const id of [lost, absent, 'a'.repeat(64)]) {
      const run = await bench.run({ commit: id, ref: 'refs/heads/rewritten' });
      expect(run, run.output).toMatchObject({ status: 0, exports: { OUTCOME: 'off-ref', COMMIT: id } });
    }
  });

  it.each([
    ['a wrong token', { git: { token: 'wrong-token-of-mine' } }],
    ['no token', {}],
  ])('for %s, without showing it', async (_, credentials) => {
    bench.aws.credentials = credentials;
    const run = await bench.run({ commit });
    expectError(run, 'CredentialRefused', '"git" in the credentials secret');
    expect(run.output).not.toContain('wrong-token-of-mine');
  });

  it('for a token that may not read the repository', async () => {
    answering(403);
    expectError(await bench.run({ commit }), 'CredentialRefused');
  });

  it('for a repository that is not there', async () => {
    expectError(await bench.run({ commit, repository: 'acme/none' }), 'RepositoryMissing', 'acme/none.git');
  });

  it('for a redirect, which would take the token elsewhere', async () => {
    answering(301, { location: 'http://127.0.0.1:1/' });
    expectError(await bench.run({ commit }), 'RepositoryMissing', 'redirect');
  });

  it('for a host that is not configured', async () => {
    expectError(await bench.run({ commit, host: 'other' }), 'HostUnknown', '"other"', 'configured: git');
  });

  it('for a host whose name does not resolve, by an error that may pass: DNS may be away', async () => {
    bench.aws.hosts = { git: { provider: 'github', url: 'https://no-such-host.invalid' } };
    expectError(await bench.run({ commit }), 'HostUnreachable', "the build's DNS, the host's url");
  });

  it.each([
    ['nothing', 200, ''],
    ['a page of one line', 200, '<html>Down for maintenance</html>'],
    ['a page', 200, '<html>\nDown for maintenance\n</html>\n'],
    ['no content', 204, ''],
  ])('for a host that answers %s, which is no ref that is gone', async (_, status, page) => {
    answering(status, { 'content-type': 'text/html' }, page);
    for (const pull of [{}, { git: { tags: true } }])
      expectError(await bench.run({ commit, pull }), 'HostUnreachable', 'a page of something else');
  });

  it('for a host that stays down, after three tokens', async () => {
    bench.aws.hosts = { git: { provider: 'github', url: 'http://127.0.0.1:1' } };
    const tokens = () => [...bench.aws.tokens.values()].reduce((sum, one) => sum + one, 0);
    const first = tokens();
    expectError(await bench.run({ commit }), 'HostUnreachable', 'http://127.0.0.1:1/acme/app.git');
    expect(tokens() - first).toBe(3);
  });

  it.each([
    ['a pack without its header', 'not a pack at all'],
    ['a pack with damaged content', 'PACK\0\0\0\x02\0\0\0\x01\x95\x0adamaged, and no deflate stream'],
  ])('for %s, after three tries', async (_, pack) => {
    bench.aws.objects.clear();
    expectError(await bench.run({ commit }, damaging(pack, 3)), 'PackDamaged', 'git fsck on the host');
    expect((await bench.run({ commit }, damaging(pack, 1))).status).toBe(0);
  });

  it('for a bucket that refuses, by what it answered', async () => {
    bench.aws.objects.clear();
    bench.aws.beforePut = () => {
      throw new AwsError('AccessDenied', 'no', 403);
    };
    const run = await bench.run({ commit });
    bench.aws.beforePut = () => {};
    expectError(run, 'PullFailed', 'S3 answered 403 AccessDenied', `${commit}.zip`, 'bucket bucket');
  });

  it('for a service of AWS that cannot be reached, by a name after which it is tried again', async () => {
    const run = await bench.run({ commit }, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    expectError(run, 'PullFailed', 'PullFailed: ServiceUnavailable: ', 'ECONNREFUSED');
  });

  it('for a full disk, told by git', async () => {
    const env = await before(
      'full',
      'case "$1" in fetch) echo "fatal: write error: No space left on device" >&2; exit 128;; esac',
    );
    bench.aws.objects.clear();
    expectError(await bench.run({ commit }, env), 'DiskFull', 'compute: ec2');
  });

  it('for git that dies in the middle of the archive, which stores nothing', async () => {
    const env = await before('dies', 'case "$1" in archive) printf PK; kill -9 $$;; esac');
    bench.aws.objects.clear();
    const run = await bench.run({ commit }, env);
    expectError(run, 'GitKilled', 'git archive was ended by SIGKILL', 'compute: ec2');
    expect(run.output.match(/again in/g)).toHaveLength(2);
    expect(bench.aws.objects.size).toBe(0);
  });

  it('not for a git that was killed with its locks held: the next try takes them away', async () => {
    const once = join(bench.folder, 'killed-once');
    const env = await before(
      'locked',
      `case "$1" in fetch) [ -e '${once}' ] || { touch '${once}' "$GIT_DIR/shallow.lock"; kill -9 $$; };; esac`,
    );
    bench.aws.objects.clear();
    const run = await bench.run({ commit }, env);
    expect(run, run.output).toMatchObject({ status: 0, exports: { OUTCOME: 'pulled' } });
    expect(run.output.match(/again in .*SIGKILL/g)).toHaveLength(1);
  });

  it('for a file of the work tree that cannot be zipped, by its own error', async () => {
    const env = await before('pipe', 'case "$1" in read-tree) [ -p a.pipe ] || mkfifo a.pipe;; esac');
    bench.aws.objects.clear();
    expectError(await bench.run({ commit, pull: { git: true } }, env), 'PullFailed', 'not a file', 'a.pipe');
    expect(bench.aws.objects.size).toBe(0);
  });

  it('at once for a host that wants to be left alone for long', async () => {
    const tokens = () => [...bench.aws.tokens.values()].reduce((sum, one) => sum + one, 0);
    const first = tokens();
    answering(429, { 'retry-after': '3600' });
    expectError(await bench.run({ commit }), 'HostUnreachable', '429', 'it asks for 3600 s of rest');
    expect(tokens() - first).toBe(1);
  });

  it('for a signal, without a work folder left', async () => {
    const stop = new AbortController();
    const ends: (() => void)[] = [];
    bench.host.intercept = (_request, response) => {
      ends.push(() => response.destroy());
      stop.abort();
      return true;
    };
    const run = await bench.run({ commit }, {}, stop.signal);
    for (const end of ends) end();
    expect(ends.length).toBeGreaterThan(0);
    expect(run).toMatchObject({ status: -1, left: [] });
  });

  it('for a missing git', async () => {
    expectError(await bench.run({ commit }, { PATH: bench.folder }), 'PullFailed', 'install git');
  });

  it('for a tag of something that is no commit', async () => {
    const tree = await bench.app.git('rev-parse', `${commit}^{tree}`);
    await bench.app.git('tag', '-a', '-m', 'a tree', 'tree', tree);
    await bench.app.git('push', '--quiet', 'origin', 'tree');
    const tag = await bench.app.git('rev-parse', 'tree');
    expectError(await bench.run({ commit: tag, ref: 'refs/tags/tree' }), 'RefInvalid', tag);
  });

  it.each([
    '--upload-pack=touch pwned',
    'refs/heads/../../../etc/passwd',
    'refs/heads/a b',
    'refs/heads/*',
    'refs/heads/-x.lock',
    'refs/heads/a\nexport PWNED=1',
    'refs/heads/$(touch pwned)~1',
    'main',
  ])('for the hostile ref %j, before any look-up', async (ref) => {
    const asked = bench.host.requests.length;
    expectError(await bench.run({ commit, ref }), 'RefInvalid');
    expect(bench.host.requests.length).toBe(asked);
  });

  it.each([
    '../../etc',
    'acme/..',
    '--upload-pack=x/y',
    'acme/app.git?x=',
    'acme/$(id)',
    'acme',
    'a@evil.example/b',
    '',
  ])('for the hostile repository name %j, before any look-up', async (repository) => {
    const asked = bench.host.requests.length;
    const run = await bench.run({ commit, repository });
    expect(run).toMatchObject({ status: 70, left: [] });
    expect(run.output).toMatch(/^PullFailed: Malformed: .* is not of the form owner\/name/m);
    expect(bench.host.requests.length).toBe(asked);
  });

  it.each([
    'ARTIFACT_BUCKET',
    'REFS_TABLE',
    'HOSTS_PARAMETER',
    'HOOKLINE_EXPORTS',
    'HOOKLINE_DELIVERY',
    'HOOKLINE_PULL',
  ])('for a build without %s', async (name) => {
    expectError(await bench.run({ commit }, { [name]: '' }), 'Misconfigured', name);
  });

  it('for a host setting that is not as it should be', async () => {
    bench.aws.hosts = { git: { provider: 'github', url: 'http://git.example.com' } };
    expectError(await bench.run({ commit }), 'Misconfigured', 'git.url', 'begins with https://');
  });
});
