import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { type Commanded, startCommand } from '../../support/cli/command.ts';

const rule = (name: string, prefix = ''): string =>
  `match:\n  event: [push]\npipeline:\n  name: '${name}'\n${prefix && `  prefix: ${prefix}\n`}`;

let on: Commanded;
beforeAll(async () => {
  on = await startCommand({
    rules: {
      app: rule('absent'),
      site: rule('hookline-example'),
      old: rule('old'),
      each: rule('app-{name}', 'app-'),
    },
  });
});
afterAll(() => on?.remove());

const findingsSchema = z.array(z.looseObject({ name: z.string() }));
const declaredSchema = z.object({ pipeline: z.looseObject({}) });

/** A pipeline as the example one is, but of the former type. */
async function makeOldPipeline(): Promise<void> {
  const { runtime } = on.hookline;
  const asked = await runtime.call('codepipeline', 'GetPipeline', { name: 'hookline-example' });
  const { variables: _, version: __, ...rest } = declaredSchema.parse(asked).pipeline;
  const pipeline = { ...rest, name: 'old', pipelineType: 'V1', executionMode: 'SUPERSEDED' };
  await runtime.call('codepipeline', 'CreatePipeline', { pipeline });
}

it('a rule whose pipeline does not exist, or takes no artifact, is found before its first delivery fails', async () => {
  await makeOldPipeline();
  const { stdout } = await on.run(['doctor', '--json']);
  expect(findingsSchema.parse(JSON.parse(stdout)).find(({ name }) => name === 'pipelines')).toEqual({
    name: 'pipelines',
    result: 'failed',
    message:
      'the rule app starts absent, which does not exist; the rule old starts old, which is of type V1 and takes no artifact',
    advice:
      'make the pipeline, or change pipeline.name in the rule; make a pipeline of type V1 one of type V2',
  });
});
