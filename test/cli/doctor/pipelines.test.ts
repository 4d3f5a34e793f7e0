import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { type Commanded, startCommand } from '../../support/cli/command.ts';

const rule = (name: string, prefix = ''): string =>
  `match:\n  event: [push]\npipeline:\n  name: '${name}'\n${prefix && `  prefix: ${prefix}\n`}`;

let on: Commanded;
beforeAll(async () => {
  on = await startCommand({
    rules: { app: rule('absent'), site: rule('hookline-example'), each: rule('app-{name}', 'app-') },
  });
});
afterAll(() => on?.remove());

const findingsSchema = z.array(z.looseObject({ name: z.string() }));

it('a rule whose pipeline does not exist is found before its first delivery fails', async () => {
  const { stdout } = await on.run(['doctor', '--json']);
  expect(findingsSchema.parse(JSON.parse(stdout)).find(({ name }) => name === 'pipelines')).toEqual({
    name: 'pipelines',
    result: 'failed',
    message: 'the rule app starts absent, which does not exist',
    advice: 'make the pipeline, or change pipeline.name in the rule',
  });
});
