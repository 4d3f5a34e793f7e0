import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { addHost, deliverFrom, firstPush } from '../support/other-host.ts';
import { createRepository, type Repository } from '../support/repository.ts';
import { type Sshd, startSshd } from '../support/sshd.ts';

const HOST = 'ghes.example.com';
const SECRET = 'a secret of the host';
const pulledSchema = z.looseObject({ pull: z.looseObject({ key: z.string(), commit: z.string() }) });

let hookline: Hookline;
let repository: Repository;
let sshd: Sshd;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-ssh-'));
  [hookline, repository, sshd] = await Promise.all([startHookline(), createRepository(), startSshd(folder)]);
  await repository.git('init', '--quiet', '--bare', join(folder, 'acme', 'service.git'));
});
afterAll(async () => {
  await hookline?.remove();
  await repository?.remove();
  await sshd?.close();
  await rm(folder, { recursive: true, force: true });
});

const deliverPush = (ref: string, after: string): Promise<string> =>
  deliverFrom(hookline, { name: HOST, secret: SECRET }, 'push', firstPush(ref, after));

it('pushes over SSH become artifacts, pulled with the deploy key from the host with the pinned key', async () => {
  await addHost(hookline, HOST, {
    settings: { provider: 'github', url: `https://${HOST}`, clone: 'ssh', ssh: `${sshd.url}${folder}` },
    webhookSecret: SECRET,
    credentials: { sshKey: sshd.key, knownHosts: sshd.knownHosts },
  });
  const commit = await repository.commit({ 'file.txt': 'by ssh\n', 'run.sh': 'true\n', 'a/ünï.txt': '' });
  await repository.git('push', '--quiet', join(folder, 'acme', 'service.git'), 'HEAD:refs/heads/main');
  const [ended] = await hookline.ended(await deliverPush('refs/heads/main', commit));
  expect(ended).toMatchObject({ outcome: 'Published' });
  const { pull } = pulledSchema.parse(ended?.output);
  const s3 = new S3Client({ ...hookline.access, forcePathStyle: true });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: hookline.outputs.bucket, Key: pull.key }));
  expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(await repository.archive(commit));
});

it('refuses a host whose key is not the pinned one', async () => {
  const other = sshd.knownHosts.replace(/ ssh-ed25519 .*/, ` ssh-ed25519 ${OTHER_KEY}`);
  await addHost(hookline, HOST, {
    settings: { provider: 'github', url: `https://${HOST}`, clone: 'ssh', ssh: `${sshd.url}${folder}` },
    webhookSecret: SECRET,
    credentials: { sshKey: sshd.key, knownHosts: other },
  });
  const commit = await repository.commit({ 'file.txt': 'again\n' });
  await repository.git('push', '--quiet', join(folder, 'acme', 'service.git'), 'HEAD:refs/heads/other');
  const [ended] = await hookline.ended(await deliverPush('refs/heads/other', commit));
  expect(ended).toMatchObject({ outcome: 'PullFailed', status: 'FAILED' });
  expect(ended?.cause).toContain('is not the pinned one; correct knownHosts');
});

// Some other server's public key.
const OTHER_KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
