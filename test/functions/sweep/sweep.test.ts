import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { nextToken } from '../../../functions/pull/fencing-token.ts';
import { retire } from '../../../functions/retire/retire.ts';
import { artifactKey } from '../../../functions/shared/artifact.ts';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import { startPipeline } from '../../../functions/start-pipeline/start-pipeline.ts';
import { sweep } from '../../../functions/sweep/sweep.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { templatePipeline } from '../../support/functions/branch-template.ts';
import { publish } from '../../support/functions/publish.ts';
import { pulledState, type Steps, startSteps } from '../../support/functions/steps.ts';
import { deployRules } from '../../support/functions/validate-aws.ts';

let steps: Steps;
let codepipeline: CodePipelineClient;
let s3: S3Client;

const pipeline = {
  name: 'app',
  prefix: 'app-',
  each: 'branch',
  limit: 25,
  idleDays: 14,
  teardown: 'teardown',
  variables: { REF: '{branch}' },
} as const;

beforeAll(async () => {
  steps = await startSteps({ realPipelines: true });
  codepipeline = new CodePipelineClient();
  s3 = new S3Client({ forcePathStyle: true });
  deployRules({ name: 'default', pipeline });
  for (const name of ['app', 'teardown'])
    await codepipeline.send(new CreatePipelineCommand({ pipeline: templatePipeline(name) }));
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  codepipeline?.destroy();
  s3?.destroy();
  await steps?.close();
});

let commits = 0;
async function built(branch: string): Promise<string> {
  const ref = `refs/heads/${branch}`;
  commits += 1;
  const commit = String(commits).padStart(40, '0');
  const empty = pulledState(ref, {}, { pipeline });
  const { token } = await nextToken(pointerOf(empty));
  const key = artifactKey({ host: 'github.com', fullName: 'acme/app' }, empty.rule.pull, commit);
  const { VersionId: versionId = '' } = await s3.send(
    new PutObjectCommand({ Bucket: 'artifacts', Key: key, Body: commit, Metadata: { commit } }),
  );
  const state: Pulled = {
    ...pulledState(ref, { token, commit, tip: commit, tipKey: key, key, versionId }, { pipeline }),
    time: new Date().toISOString(),
  };
  await publish({ state });
  const { name } = await startPipeline({ executionArn: `start of ${commit}`, state });
  await ends(name);
  return name;
}
const lastOf = async (pipelineName: string) => {
  const command = new ListPipelineExecutionsCommand({ pipelineName, maxResults: 1 });
  return (await codepipeline.send(command)).pipelineExecutionSummaries?.[0];
};
const ends = (name: string) =>
  vi.waitFor(async () => {
    for (const each of steps.codebuild.builds)
      if (each.buildStatus === 'IN_PROGRESS') steps.codebuild.end(each);
    expect((await lastOf(name))?.status).not.toBe('InProgress');
  });
const isThere = (name: string): Promise<boolean> =>
  codepipeline.send(new GetPipelineCommand({ name })).then(
    () => true,
    () => false,
  );

it('leaves the pipelines of branches that are there and run', async () => {
  const name = await built('busy');
  expect(await sweep()).toEqual({ pipelines: 1, ending: 0 });
  expect(await isThere(name)).toBe(true);
});

it('takes down what a deleted branch had whose end was not carried out', async () => {
  const name = await built('lost');
  const gone = pulledState('refs/heads/lost', {}, { pipeline });
  const { token } = await nextToken(pointerOf(gone));
  await retire({ state: { ...gone, pull: { ...gone.pull, token, outcome: 'gone' } } });
  expect(await sweep()).toMatchObject({ ending: 1 });
  expect(await isThere(name)).toBe(true);
  await ends('teardown');
  await sweep();
  expect(await isThere(name)).toBe(false);
});

it('takes down what has not run for the days of the rule, and touches no pipeline that is not ours', async () => {
  const name = await built('idle');
  const theirs = `${name.slice(0, -6)}ffffff`;
  await codepipeline.send(
    new CreatePipelineCommand({ pipeline: { ...templatePipeline('app'), name: theirs } }),
  );
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 86_400_000 });
  expect((await sweep()).ending).toBeGreaterThan(0);
  await ends('teardown');
  await sweep();
  expect(await isThere(name)).toBe(false);
  expect(await isThere(theirs)).toBe(true);
});
