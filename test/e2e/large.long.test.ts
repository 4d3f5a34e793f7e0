import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const pulledSchema = z.looseObject({ pull: z.looseObject({ key: z.string(), bytes: z.string() }) });

let hookline: Hookline;
let repository: Repository;
beforeAll(async () => {
  [hookline, repository] = await Promise.all([startHookline(), createRepository()]);
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
});

it('takes a repository of 10,000 files: the zip is what git archive writes', async () => {
  const files = Array.from({ length: 10_000 }, (_, number): [string, string] => [
    `folder-${number % 100}/file-${number}.txt`,
    `${number} ${'some text '.repeat(number % 200)}\n`,
  ]);
  const commit = await repository.commit(Object.fromEntries(files));
  const url = new URL(`${hookline.outputs.gitUrl}/acme/large.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
  const push = hookline.gitHost.deliveries().find(({ event }) => event === 'push');
  const [ended] = await hookline.ended(push?.id ?? '');
  expect(ended).toMatchObject({ outcome: 'Published' });
  const { pull } = pulledSchema.parse(ended?.output);
  const s3 = new S3Client({ ...hookline.access, forcePathStyle: true });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: hookline.outputs.bucket, Key: pull.key }));
  const zip = Buffer.from((await Body?.transformToByteArray()) ?? []);
  expect(zip.equals(await repository.archive(commit))).toBe(true);
  expect(zip.length).toBe(Number(pull.bytes));
});
