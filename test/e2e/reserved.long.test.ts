import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { ASSEMBLY, type Hookline, startHookline } from '../support/hookline.ts';

const TEMPLATE = 'Hookline.template.json';
const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).optional(),
      Metadata: z.looseObject({ 'aws:cdk:path': z.string().optional() }).optional(),
    }),
  ),
});

let folder: string;
let hookline: Hookline;

/** The cloud assembly with one execution of Validate at once, as the setting validateConcurrency has it. */
async function withReserved(assembly: string): Promise<string> {
  await cp(ASSEMBLY, assembly, { recursive: true, dereference: true });
  const file = join(assembly, TEMPLATE);
  const template = templateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const functions = Object.values(template.Resources).filter(
    ({ Type, Metadata }) =>
      Type === 'AWS::Lambda::Function' && Metadata?.['aws:cdk:path']?.includes('/Functions/validate/'),
  );
  expect(functions).toHaveLength(1);
  for (const { Properties = {} } of functions) Properties.ReservedConcurrentExecutions = 1;
  await writeFile(file, JSON.stringify(template));
  return assembly;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-reserved-'));
  hookline = await startHookline(undefined, { assembly: await withReserved(join(folder, 'assembly')) });
});
afterAll(async () => {
  await hookline.remove();
  await rm(folder, { recursive: true, force: true });
});

it('a burst over the reserved concurrency of Validate is throttled, and each delivery comes to its outcome', async () => {
  const burst = Array.from({ length: 12 }, () => hookline.deliver('ping', { zen: 'x', hook_id: 1 }));
  const ids = (await Promise.all(burst)).map(({ deliveryId }) => deliveryId);
  const all = await Promise.all(ids.map((id) => hookline.ended(id)));
  expect(all.flat().map(({ outcome }) => outcome)).toEqual(ids.map(() => 'Pong'));
  const histories = await Promise.all(
    all.flat().map(({ executionArn }) => hookline.sfn.send(new GetExecutionHistoryCommand({ executionArn }))),
  );
  const errors = histories.flatMap(({ events = [] }) =>
    events.flatMap(({ lambdaFunctionFailedEventDetails }) => lambdaFunctionFailedEventDetails?.error ?? []),
  );
  expect(errors).toContain('Lambda.TooManyRequestsException');
});
