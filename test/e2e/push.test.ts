import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, HeadObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const stateSchema = z.looseObject({
  pull: z.looseObject({ key: z.string(), commit: z.string() }),
  publish: z.looseObject({ pointer: z.string(), commit: z.string() }),
});

describe('a push over HTTP', () => {
  let hookline: Hookline;
  let repository: Repository;
  let s3: S3Client;

  beforeAll(async () => {
    hookline = await startHookline();
    repository = await createRepository();
    s3 = new S3Client({ ...hookline.access, forcePathStyle: true });
  });

  afterAll(async () => {
    await repository?.remove();
    await hookline?.remove();
  });

  const push = async (name: string, ...refspecs: string[]) => {
    const before = hookline.gitHost.deliveries().length;
    const url = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
    url.username = 'test';
    url.password = hookline.secrets.token;
    await repository.git('push', '--quiet', url.href, ...refspecs);
    const sent = hookline.gitHost.deliveries().slice(before);
    const delivery = sent.find(({ event }) => event === 'push');
    if (!delivery) throw new Error(`no push was delivered, only ${sent.map(({ event }) => event)}`);
    return delivery.id;
  };
  const read = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: hookline.outputs.bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };

  /** Whether a pull has said so in its log. */
  const said = async (text: string) => {
    const logs = new CloudWatchLogsClient(hookline.access);
    const logGroupName = '/aws/codebuild/hookline-pull-lambda';
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: `"${text}"` }),
    );
    logs.destroy();
    return events.length > 0;
  };

  it('becomes an artifact and a started pipeline in at most ten states', async () => {
    const commit = await repository.commit({
      'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [bash build.sh] } }\n',
      'build.sh': 'echo built\n',
      '.hidden': 'a dotfile\n',
      'ünï ©ode.txt': 'a name\n',
    });
    const [ended] = await hookline.ended(await push('hookline/demo', 'HEAD:refs/heads/main'));
    expect(ended).toMatchObject({ outcome: 'PipelineStarted', status: 'SUCCEEDED' });
    expect(ended?.states.length).toBeLessThanOrEqual(10);
    const { pull, publish } = stateSchema.parse(ended?.output);
    expect(pull.commit).toBe(commit);
    expect(await read(pull.key)).toEqual(await repository.archive(commit));
    expect(await read(publish.pointer)).toEqual(await repository.archive(commit));
  });

  it('without a pipeline ends in Published, its object saying what it is', async () => {
    const commit = await repository.commit({ 'file.txt': 'one\n' }, 'Say "one" in ünïcode');
    const [ended] = await hookline.ended(await push('acme/plain', 'HEAD:refs/heads/main'));
    expect(ended).toMatchObject({ outcome: 'Published', status: 'SUCCEEDED' });
    const { pull } = stateSchema.parse(ended?.output);
    const head = await s3.send(new HeadObjectCommand({ Bucket: hookline.outputs.bucket, Key: pull.key }));
    expect(head.Metadata).toMatchObject({ commit, ref: 'refs/heads/main' });
    expect(head.Metadata?.['codepipeline-artifact-revision-summary']).toContain(commit.slice(0, 7));
  });

  it('moves the pointer with every push and keeps the versions', async () => {
    const first = await repository.commit({ 'file.txt': 'two\n' });
    await hookline.ended(await push('acme/moving', 'HEAD:refs/heads/main'));
    const second = await repository.commit({ 'file.txt': 'three\n' });
    const [ended] = await hookline.ended(await push('acme/moving', 'HEAD:refs/heads/main'));
    const { pull, publish } = stateSchema.parse(ended?.output);
    expect(await read(pull.key)).toEqual(await repository.archive(second));
    expect(await said(`fetched what ${second} changes of ${first}`)).toBe(true);
    expect(await read(publish.pointer)).toEqual(await repository.archive(second));
    const { Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: hookline.outputs.bucket, Prefix: publish.pointer }),
    );
    expect(Versions).toHaveLength(2);
    expect(first).not.toBe(second);
  });

  it('of a deleted branch removes the pointer', async () => {
    await repository.commit({ 'file.txt': 'four\n' });
    const [published] = await hookline.ended(await push('acme/deleted', 'HEAD:refs/heads/topic'));
    const { publish } = stateSchema.parse(published?.output);
    const [ended] = await hookline.ended(await push('acme/deleted', ':refs/heads/topic'));
    expect(ended).toMatchObject({ outcome: 'RefRetired', status: 'SUCCEEDED' });
    await expect(read(publish.pointer)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('redelivered by the host ends in Duplicate, without a pull', async () => {
    await repository.commit({ 'file.txt': 'five\n' });
    const id = await push('acme/again', 'HEAD:refs/heads/main');
    await hookline.ended(id);
    await hookline.gitHost.redeliver(id);
    const ended = await hookline.ended(id, 2);
    const duplicate = ended.find(({ outcome }) => outcome === 'Duplicate');
    expect(duplicate?.states).not.toContain('Pull');
  });

  it('of a tag is published under its own pointer', async () => {
    const commit = await repository.commit({ 'file.txt': 'six\n' });
    await repository.git('tag', '-a', '-m', 'First', 'v1', commit);
    const [ended] = await hookline.ended(await push('acme/tagged', 'refs/tags/v1'));
    expect(ended).toMatchObject({ outcome: 'Published' });
    const { publish, pull } = stateSchema.parse(ended?.output);
    expect(publish.pointer).toMatch(/refs\/tags\/v1\.zip$/);
    expect(await read(pull.key)).toEqual(await repository.archive(commit));
  });
});
