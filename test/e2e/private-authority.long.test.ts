import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authority, host } from '../support/certificates/certificates.ts';
import { type GitHttp, serveGit } from '../support/git-http.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { addHost, deliverFrom, firstPush } from '../support/other-host.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const HOST = 'ghes.example.com';
const SECRET = 'a secret of the host';
const TOKEN = 'a token of the host';
const rule = { description: 'all', match: { host: [HOST], event: ['push', 'ping'] }, status: true };
const STATUS = /^\/api\/v3\/repos\/acme\/service\/statuses\/(\w+)$/;

let hookline: Hookline;
let repository: Repository;
let server: GitHttp;
let folder: string;
/** the commits that a status was written of */
const statuses: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-authority-'));
  const [rules, root] = [join(folder, 'rules'), join(folder, 'repositories')];
  await Promise.all([mkdir(rules), mkdir(root)]);
  await writeFile(join(rules, 'ghes.yaml'), JSON.stringify(rule));
  [hookline, repository, server] = await Promise.all([
    startHookline(undefined, { rules }),
    createRepository(),
    serveGit(root, TOKEN, host),
  ]);
  server.intercept = ({ url = '' }, response) => {
    const commit = STATUS.exec(url)?.[1];
    if (commit === undefined) return false;
    statuses.push(commit);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
    return true;
  };
  await repository.git('init', '--quiet', '--bare', join(root, 'acme', 'service.git'));
});
afterAll(async () => {
  await hookline?.remove();
  await Promise.all([repository?.remove(), server?.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** Configures the host, pushes to a branch, and waits for the delivery's end. */
async function push(ca: string | undefined, branch: string) {
  await addHost(hookline, HOST, {
    settings: { provider: 'github', url: server.url, ca },
    webhookSecret: SECRET,
    credentials: { token: TOKEN },
  });
  const after = await repository.commit({ 'file.txt': branch });
  const bare = join(folder, 'repositories', 'acme', 'service.git');
  await repository.git('push', '--quiet', bare, `HEAD:refs/heads/${branch}`);
  const payload = firstPush(`refs/heads/${branch}`, after);
  const id = await deliverFrom(hookline, { name: HOST, secret: SECRET }, 'push', payload);
  return { after, ended: (await hookline.ended(id))[0] };
}

it('a push to a host with a private authority is pulled, and its status written', async () => {
  const { after, ended } = await push(authority, 'main');
  expect(ended).toMatchObject({ outcome: 'Published' });
  // pending, and the last one
  expect(statuses).toEqual([after, after]);
});

it('without the authority the pull fails at once, by its name', async () => {
  const { ended } = await push(undefined, 'other');
  expect(ended).toMatchObject({ outcome: 'PullFailed', status: 'FAILED' });
  expect(JSON.stringify(ended)).toContain('HostUntrusted');
});
