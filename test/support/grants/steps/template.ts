import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Trial } from '../trial.ts';

const TEMPLATE = 'hookline-example';

const declared = z.object({ pipeline: z.looseObject({ name: z.string() }) });
const listed = z.object({ pipelines: z.array(z.looseObject({ name: z.string() })) });

/** Those of all pipelines. */
export const names = async ({ runtime }: Trial): Promise<string[]> =>
  listed.parse(await runtime.call('codepipeline', 'ListPipelines', {})).pipelines.map(({ name }) => name);

const template = async ({ runtime }: Trial) =>
  declared.parse(await runtime.call('codepipeline', 'GetPipeline', { name: TEMPLATE })).pipeline;

/** Makes a pipeline that rules name, and that is none of the stack's. */
async function make(trial: Trial, name: string): Promise<void> {
  const { runtime, outputs } = trial;
  if ((await names(trial)).includes(name)) return;
  // What its first run looks for. Where nothing is, S3 asks whether the caller may list: a grant that nothing would miss.
  const none = { Bucket: outputs.bucket, Key: 'hookline-example/none.zip', Body: 'none' };
  await runtime.call('s3', 'PutObject', none);
  const pipeline = { ...(await template(trial)), name, executionMode: 'QUEUED' };
  await runtime.call('codepipeline', 'CreatePipeline', { pipeline });
}

export const makeTeardown = (trial: Trial): Promise<void> => make(trial, 'cleanup');
export const makeShared = (trial: Trial): Promise<void> => make(trial, 'shared');

const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.looseObject({}).optional() }),
  ),
});
const STACK = 'Hookline.template.json';

/** Deploys the stack again, with another description of the variable of its pipeline. */
export async function changeTemplate({ assembly, repository, runtime }: Trial): Promise<void> {
  const copy = join(repository.folder, '.git', 'assembly');
  await cp(assembly, copy, { recursive: true, dereference: true });
  const { Resources, ...others } = templateSchema.parse(
    JSON.parse(await readFile(join(copy, STACK), 'utf8')),
  );
  for (const { Type, Properties } of Object.values(Resources))
    if (Type === 'AWS::CodePipeline::Pipeline' && Properties)
      Properties.Variables = [{ Name: 'REF', DefaultValue: 'none', Description: 'Another one' }];
  await writeFile(join(copy, STACK), JSON.stringify({ ...others, Resources }));
  await runtime.update(copy);
}
