import { existsSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const pulledSchema = z.looseObject({
  delivery: z.looseObject({ ref: z.string() }),
  publish: z.looseObject({ pointer: z.string() }),
});

let hookline: Hookline;
let repository: Repository;
let commit: string;
let elsewhere: Server;
let asked = 0;
beforeAll(async () => {
  rmSync(PWNED, { force: true });
  hookline = await startHookline();
  repository = await createRepository();
  commit = await repository.commit({ 'a.txt': 'a\n' });
  elsewhere = createServer((_request, response) => {
    asked += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => elsewhere.once('listening', resolve));
});
afterAll(async () => {
  elsewhere?.close();
  await repository?.remove();
  await hookline?.remove();
});

async function push(name: string, refspec: string): Promise<string> {
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, refspec);
  const sent = hookline.gitHost.deliveries().slice(before);
  return sent.find(({ event }) => event === 'push')?.id ?? '';
}

/** A push as the built-in host signs it, with these members instead of what it would send. */
async function told(members: object): Promise<{ outcome: string; error?: string | undefined }[]> {
  const payload = {
    ref: 'refs/heads/main',
    before: '0'.repeat(40),
    after: commit,
    created: false,
    deleted: false,
    forced: false,
    commits: [],
    repository: { id: 1, full_name: 'acme/app', default_branch: 'main' },
    sender: { login: 'test' },
    ...members,
  };
  const { deliveryId, status } = await hookline.deliver('push', payload);
  expect(status).toBe(202);
  return hookline.ended(deliveryId);
}

// What the shell syntax below would make, were it run.
const PWNED = join(tmpdir(), 'hookline-pwned');

describe('a ref that git takes is pulled under its own name, whatever a shell would make of it:', () => {
  it.each([
    `refs/heads/$(touch\${IFS}${PWNED})`,
    `refs/heads/\`touch\${IFS}${PWNED}\``,
    'refs/heads/`id`;id&&id|id>x',
    `refs/heads/"double"'single'`,
    'refs/heads/-leading--upload-pack=id',
    'refs/heads/ünï-漢字-🚀',
    'refs/heads/%2e%2e/%00+&=#',
    'refs/heads/\'";DROP{x}$HOME!',
    'refs/tags/--help',
  ])('%s', async (ref) => {
    const [ended] = await hookline.ended(await push('acme/hostile', `HEAD:${ref}`));
    expect(ended).toMatchObject({ outcome: 'Published', status: 'SUCCEEDED' });
    const { delivery, publish } = pulledSchema.parse(ended?.output);
    expect(delivery.ref).toBe(ref);
    expect(publish.pointer.endsWith(`/${ref}.zip`)).toBe(true);
    const s3 = new S3Client({ ...hookline.access, forcePathStyle: true });
    const object = await s3.send(
      new GetObjectCommand({ Bucket: hookline.outputs.bucket, Key: publish.pointer }),
    );
    const bytes = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    s3.destroy();
    expect(bytes).toEqual(await repository.archive(commit));
    expect(existsSync(PWNED)).toBe(false);
  });
});

describe('a signed push ends in Malformed, before any pull, for', () => {
  it.each<[string, object]>([
    ['a ref with a space', { ref: 'refs/heads/a b' }],
    ['a ref with a newline', { ref: 'refs/heads/a\nexport PWNED=1' }],
    ['a ref with a NUL', { ref: 'refs/heads/a\0b' }],
    ['a ref that climbs', { ref: 'refs/heads/../../etc/passwd' }],
    ['a ref that is an option', { ref: '--upload-pack=touch pwned' }],
    ['a commit that is an option', { after: '--output=/etc/passwd' }],
    ...['../../etc', 'acme/..', '-c/app', 'acme/-app', 'acme/a b', 'acme/a\nb', 'acme/"a"', "acme/'a'"]
      .concat(['acme/$(id)', 'acme/a;id', 'acme/ünï', 'a@evil.example/b', 'https://evil.example/a/b'])
      .map((name): [string, object] => [
        `the repository ${JSON.stringify(name)}`,
        { repository: { id: 1, full_name: name, default_branch: 'main' } },
      ]),
  ])('%s', async (_title, members) => {
    for (const ended of await told(members))
      expect(ended).toMatchObject({
        outcome: 'Malformed',
        error: 'Malformed',
        states: ['Validate', 'Malformed'],
      });
  });
});

it('an address in the payload that leads elsewhere is not asked: the clone URL is of the configured host', async () => {
  const address = z.object({ port: z.number() }).parse(elsewhere.address());
  const url = `http://127.0.0.1:${address.port}/acme/app.git`;
  const names = ['clone_url', 'git_url', 'ssh_url', 'html_url', 'url', 'svn_url', 'archive_url'];
  const urls = Object.fromEntries(names.map((name) => [name, url]));
  const full_name = 'acme/nowhere';
  const [ended] = await told({ repository: { id: 1, full_name, default_branch: 'main', ...urls } });
  expect(ended).toMatchObject({ outcome: 'PullFailed', error: 'RepositoryMissing' });
  expect(asked).toBe(0);
});
