import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningHost, startHost, TOKEN, workTree } from '../support/git-host.ts';
import type { Repository } from '../support/repository.ts';

let host: RunningHost;
let work: Repository;
beforeAll(async () => {
  [host, work] = await Promise.all([startHost(), workTree()]);
  await push('acme/app');
});
afterAll(async () => {
  await host.remove();
  await work.remove();
});

/** Pushes the work tree's commit to main of a repository. */
const push = (repository: string, ...options: string[]) =>
  work.git(...options, 'push', '--quiet', host.clone(repository), 'HEAD:refs/heads/main');

const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;
const listing = (repository: string, authorization?: string, service = 'git-upload-pack') =>
  fetch(`${host.url}/${repository}/info/refs?service=${service}`, {
    headers: authorization ? { authorization } : {},
  });

describe('the credential', () => {
  it.each([
    ['the token as the password of any user', () => basic('anybody', TOKEN)],
    ['the token as the user', () => basic(TOKEN, '')],
    ['the token as the user with x-oauth-basic', () => basic(TOKEN, 'x-oauth-basic')],
    ['a bearer token', () => `Bearer ${TOKEN}`],
    ['the scheme token', () => `token ${TOKEN}`],
  ])('can be %s', async (_, authorization) => {
    expect((await listing('acme/app.git', authorization())).status).toBe(200);
  });

  it.each([
    ['none', () => undefined, /asks for its token/],
    ['a wrong password', () => basic('ada', 'wrong'), /not the git host's token/],
    ['a wrong user without a password', () => basic('ada', ''), /not the git host's token/],
    ['a wrong bearer token', () => 'Bearer wrong', /not the git host's token/],
    ['the token of a login with a NUL', () => basic('a\0da', TOKEN), /not the git host's token/],
    ['the token of a login with two lines', () => basic('a\nda', TOKEN), /not the git host's token/],
    ['a scheme it does not know', () => 'Digest username="ada"', /not the git host's token/],
  ])('that is %s is asked for again', async (_, authorization, text) => {
    const response = await listing('acme/app.git', authorization());
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect(await response.text()).toMatch(text);
  });

  it('that is wrong makes no repository', async () => {
    await expect(
      work.git('push', '--quiet', host.clone('acme/other', 'wrong'), 'HEAD:refs/heads/main'),
    ).rejects.toThrow(/Authentication failed/);
    expect((await listing('acme/other.git', basic('ada', TOKEN))).status).toBe(404);
  });
});

describe('the git host over HTTP', () => {
  it('clones what was pushed, with and without .git, whole and by any commit', async () => {
    const first = await work.git('rev-parse', 'HEAD');
    const second = await work.commit({ 'a.txt': 'a\n' });
    await push('acme/cloned');
    await work.git('clone', '--quiet', host.clone('acme/cloned').replace(/\.git$/, ''), 'cloned');
    expect(await work.git('-C', 'cloned', 'rev-parse', 'HEAD')).toBe(second);
    await work.git('init', '--quiet', '--bare', 'bare');
    await work.git('-C', 'bare', 'fetch', '--quiet', '--depth', '1', host.clone('acme/cloned'), first);
    expect(await work.git('-C', 'bare', 'rev-parse', 'FETCH_HEAD')).toBe(first);
    expect(await work.git('ls-remote', '--symref', host.clone('acme/cloned'), 'HEAD')).toMatch(
      /refs\/heads\/main/,
    );
  });

  it('takes a push that git sends in chunks, larger than the server takes elsewhere', async () => {
    const commit = await work.commit({ 'large.bin': randomBytes(4 * 1024 * 1024).toString('base64') });
    await push('acme/large', '-c', 'http.postBuffer=65536');
    expect(await work.git('ls-remote', host.clone('acme/large'), 'refs/heads/main')).toContain(commit);
  });

  it('reads a body that is gzip', async () => {
    const response = await fetch(`${host.url}/acme/app.git/git-upload-pack`, {
      method: 'POST',
      headers: {
        authorization: basic('ada', TOKEN),
        'content-type': 'application/x-git-upload-pack-request',
        'content-encoding': 'gzip',
        'git-protocol': 'version=2',
      },
      body: gzipSync('0014command=ls-refs\n00010000'),
    });
    expect(await response.text()).toContain('refs/heads/main');
  });

  it.each([
    ['there is no repository yet', 'acme/none.git', /no repository acme\/none: the first push makes it/],
    ['the name is no name', 'acme/a%20b.git', /cannot be a repository/],
    ['the owner is too long', `${'a'.repeat(101)}/app.git`, /cannot be a repository/],
    ['the name ends in .git twice', 'acme/app.git.git', /cannot be a repository/],
    ['the name is the path of the API', 'api/v3.git', /cannot be a repository/],
  ])('answers 404 and says so when %s', async (_, repository, text) => {
    const response = await listing(repository, basic('ada', TOKEN));
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(text);
  });

  it.each(['..', '.', '%2e%2e'])('keeps out of the folder above: owner %s', async (owner) => {
    // fetch would resolve the dots itself.
    const { port } = new URL(host.url);
    const status = await new Promise((resolve, reject) => {
      const path = `/git/${owner}/app.git/info/refs?service=git-receive-pack`;
      httpRequest({ port, host: '127.0.0.1', path, headers: { authorization: basic('ada', TOKEN) } })
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });

  it('serves the smart protocol only', async () => {
    const authorization = basic('ada', TOKEN);
    const get = (path: string) => fetch(`${host.url}/acme/app.git/${path}`, { headers: { authorization } });
    for (const path of ['HEAD', 'info/refs', 'objects/info/packs', 'config', '']) {
      const response = await get(path);
      expect(response.status, path).toBe(404);
      expect(await response.text()).toMatch(/smart HTTP|services git-upload-pack/);
    }
    expect((await get('git-upload-pack')).status).toBe(404);
    expect((await listing('acme/app.git', authorization, 'git-shell')).status).toBe(404);
  });

  it("does not read the configuration of the machine's user", async () => {
    await work.git('config', '--file', join(work.folder, 'evil'), 'uploadpack.packObjectsHook', 'false');
    const before = process.env.GIT_CONFIG_GLOBAL;
    process.env.GIT_CONFIG_GLOBAL = join(work.folder, 'evil');
    try {
      await push('acme/configured');
      await work.git('clone', '--quiet', host.clone('acme/configured'), 'configured');
    } finally {
      if (before === undefined) delete process.env.GIT_CONFIG_GLOBAL;
      else process.env.GIT_CONFIG_GLOBAL = before;
    }
  });

  it('refuses one of two pushes that both move a branch from the same commit, and keeps the other', async () => {
    await push('acme/raced');
    const base = await work.git('rev-parse', 'HEAD');
    const one = await work.commit({ 'one.txt': '1\n' });
    await work.git('reset', '--quiet', '--hard', base);
    const two = await work.commit({ 'two.txt': '2\n' });
    const results = await Promise.allSettled(
      [one, two].map((commit) =>
        work.git('push', '--quiet', host.clone('acme/raced'), `${commit}:refs/heads/main`),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const kept = results[0]?.status === 'fulfilled' ? one : two;
    expect(await work.git('ls-remote', host.clone('acme/raced'), 'refs/heads/main')).toContain(kept);
  });

  /** A client that begins a push and goes silent. */
  const silentPush = (length: OutgoingHttpHeaders = { 'transfer-encoding': 'chunked' }) => {
    const request = httpRequest({
      port: new URL(host.url).port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/git/acme/app.git/git-receive-pack',
      headers: {
        authorization: basic('ada', TOKEN),
        'content-type': 'application/x-git-receive-pack-request',
        ...length,
      },
    });
    request.on('error', () => undefined).write('00');
    return request;
  };

  it.each<[string, OutgoingHttpHeaders]>([
    ['in chunks', { 'transfer-encoding': 'chunked' }],
    ['of a length that it said', { 'content-length': 1000 }],
  ])('ends the push, %s, of a client that leaves, and takes the next one', async (_, length) => {
    const request = silentPush(length);
    const note = join(host.directory, 'repositories', 'acme', 'app.git', 'hookline', 'push.json');
    await vi.waitFor(() => expect(existsSync(note)).toBe(true));
    request.destroy();
    await vi.waitFor(() => expect(existsSync(note)).toBe(false));
    await work.git('push', '--quiet', host.clone('acme/app'), 'HEAD:refs/heads/next');
  });

  it('answers a look at the refs that has a body', async () => {
    const headers = { authorization: basic('ada', TOKEN), 'content-length': 2 };
    const { port } = new URL(host.url);
    const path = '/git/acme/app.git/info/refs?service=git-upload-pack';
    const request = httpRequest({ port, host: '127.0.0.1', path, headers }).end('{}');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await text(response)).toContain('refs/heads/main');
  });

  it('ends in the middle of pushes, and leaves no git behind', async () => {
    // One that git reads from, and one that waits for its turn.
    const silent = [silentPush(), silentPush()];
    const note = join(host.directory, 'repositories', 'acme', 'app.git', 'hookline', 'push.json');
    await vi.waitFor(() => expect(existsSync(note)).toBe(true));
    await host.close();
    for (const request of silent) request.destroy();
    expect(existsSync(note)).toBe(false);
    host = await startHost(host.directory);
    expect(await work.git('ls-remote', host.clone('acme/app'), 'refs/heads/main')).not.toBe('');
  });
});
