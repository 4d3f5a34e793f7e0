import { CodePipelineClient, GetPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { runInProcess } from '../support/cli/in-process.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let hookline: Hookline;
let repository: Repository;
let s3: S3Client;
let codepipeline: CodePipelineClient;
beforeAll(async () => {
  [hookline, repository] = await Promise.all([startHookline(), createRepository()]);
  s3 = new S3Client({ ...hookline.access, forcePathStyle: true });
  codepipeline = new CodePipelineClient(hookline.access);
});
afterAll(async () => {
  s3?.destroy();
  codepipeline?.destroy();
  await repository?.remove();
  await hookline?.remove();
});

const artifacts = async (): Promise<string[]> => {
  const command = new ListObjectsV2Command({ Bucket: hookline.outputs.bucket, Prefix: 'commits/' });
  return ((await s3.send(command)).Contents ?? []).flatMap(({ Key }) => Key ?? []);
};
const startedSchema = z.looseObject({
  pipeline: z.object({ name: z.string(), executionId: z.string() }),
  pull: z.looseObject({ key: z.string(), versionId: z.string() }),
});
/** The pull of a delivery whose pipeline has built what was pulled. */
async function built(output: unknown) {
  const { pipeline, pull } = startedSchema.parse(output);
  const of = { pipelineName: pipeline.name, pipelineExecutionId: pipeline.executionId };
  await vi.waitFor(async () => {
    const { pipelineExecution } = await codepipeline.send(new GetPipelineExecutionCommand(of));
    expect(pipelineExecution?.status).toBe('Succeeded');
  });
  return pull;
}

it('a replay whose artifact has expired pulls the commit anew, and its pipeline builds the new object', async () => {
  const from = new Date(Date.now() - 1000).toISOString();
  await repository.commit({
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
  });
  const url = new URL(`${hookline.outputs.gitUrl}/hookline/demo.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
  const { id = '' } = hookline.gitHost.deliveries().findLast(({ event }) => event === 'push') ?? {};
  const [first] = await hookline.ended(id);
  const before = await built(first?.output);
  expect(await artifacts()).toEqual([before.key]);
  // As the life cycle of `artifactDays` does it: the object has a delete marker, and its version ends a day later.
  await s3.send(new DeleteObjectCommand({ Bucket: hookline.outputs.bucket, Key: before.key }));
  expect(await artifacts()).toEqual([]);

  const span = ['--from', from, '--to', new Date(Date.now() + 1000).toISOString()];
  await runInProcess(['replay', ...span, '--rule', 'demo', '--json', '--data', hookline.data], {
    cwd: repository.folder,
  });
  const again = (await hookline.ended(id, 2)).find(
    ({ executionArn }) => executionArn !== first?.executionArn,
  );
  expect(again).toMatchObject({ outcome: 'PipelineStarted' });
  const after = await built(again?.output);
  expect(after.key).toBe(before.key);
  expect(after.versionId).not.toBe(before.versionId);
  expect(await artifacts()).toEqual([before.key]);
});
