import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench, token } from '../../support/functions/pull-program.ts';
import { serveGit } from '../../support/git-http.ts';

describe('a secret', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench?.close());

  it.runIf(existsSync('/proc/self/cmdline'))('is never in the arguments of a process', async () => {
    const commit = await bench.app.commit({ 'a.txt': 'a' });
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    const seen = new Set<string>();
    bench.host.intercept = () => {
      for (const line of commandLines()) seen.add(line);
      return false;
    };
    const run = await bench.run({ commit });
    bench.host.intercept = () => false;
    expect(run.status).toBe(0);
    const secrets = [token, Buffer.from(`x-access-token:${token}`).toString('base64')];
    expect([...seen].filter((line) => line.includes('remote-http')).length).toBeGreaterThan(0);
    for (const secret of secrets) {
      expect([...seen].filter((line) => line.includes(secret))).toEqual([]);
      expect(run.output).not.toContain(secret);
      expect(JSON.stringify(run.exports)).not.toContain(secret);
      for (const { body, metadata } of bench.aws.objects.values()) {
        expect(body.includes(secret)).toBe(false);
        expect(JSON.stringify(metadata)).not.toContain(secret);
      }
    }
  });

  it('is not shown when the host repeats it', async () => {
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    bench.host.intercept = (_request, response) => {
      response.writeHead(422, { 'content-type': 'text/plain' }).end(`bad ${token} in Basic ${basic}`);
      return true;
    };
    const run = await bench.run({});
    bench.host.intercept = () => false;
    expect(run.status).not.toBe(0);
    expect(run.output).toContain('bad ***');
    expect(run.output).not.toContain(token);
    expect(run.output).not.toContain(basic);
  });

  it('is read of the delivery’s host alone', async () => {
    const commit = await bench.app.commit({ 'b.txt': 'b' });
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    const { hosts } = bench.aws;
    bench.aws.hosts = { 'github.com': { provider: 'github', url: 'https://github.com' }, ...Object(hosts) };
    bench.aws.secretsRead.length = 0;
    expect((await bench.run({ commit })).status).toBe(0);
    bench.aws.hosts = hosts;
    expect(bench.aws.secretsRead).toEqual(['secret-of-git']);
  });

  it.each([{ lfs: true }, { lfs: true, git: true }])('goes to no other host, by %j', async (pull) => {
    const other = await serveGit(bench.root);
    try {
      const pointer = bench.host.addLfs('content');
      const commit = await bench.app.commit({
        '.lfsconfig': `[lfs]\n\turl = ${other.url}/acme/app.git/info/lfs\n`,
        '.gitattributes': '*.bin filter=lfs\n',
        'a.bin': pointer,
      });
      await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
      const run = await bench.run({ commit, pull });
      expect(run.status).toBe(0);
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('stays behind when the host sends an LFS download elsewhere', async () => {
    const other = await serveGit(bench.root);
    try {
      const pointer = bench.host.addLfs('elsewhere');
      for (const [oid, body] of bench.host.lfs) other.lfs.set(oid, body);
      bench.host.intercept = (request, response) => {
        if (!request.url?.startsWith('/lfs/')) return false;
        response.writeHead(302, { location: `${other.url}${request.url}` }).end();
        return true;
      };
      const commit = await bench.app.commit({ '.gitattributes': '*.bin filter=lfs\n', 'b.bin': pointer });
      await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
      const run = await bench.run({ commit, pull: { lfs: true } });
      expect(run.output).not.toContain(token);
      expect(other.requests.length).toBeGreaterThan(0);
      for (const { authorization } of other.requests) expect(authorization).toBeUndefined();
    } finally {
      bench.host.intercept = () => false;
      await other.close();
    }
  });
});

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return ''; // it has ended meanwhile
      }
    });
}
