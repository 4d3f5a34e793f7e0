import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { synthesizeHere } from '../support/synthesize-here.ts';

let folder: string;
let hookline: Hookline;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-reserved-'));
  const assembly = await synthesizeHere(join(folder, 'assembly'), { settings: { validateConcurrency: 1 } });
  hookline = await startHookline(undefined, { assembly });
});
afterAll(async () => {
  await hookline.remove();
  await rm(folder, { recursive: true, force: true });
});

it('a burst over the reserved concurrency of Validate is throttled, and each delivery comes to its outcome', async () => {
  const burst = Array.from({ length: 12 }, () => hookline.deliver('ping', { zen: 'x', hook_id: 1 }));
  const ids = (await Promise.all(burst)).map(({ deliveryId }) => deliveryId);
  const all = (await Promise.all(ids.map((id) => hookline.ended(id)))).flat();
  expect(all.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'Pong'));
  const errors = all.map(async ({ executionArn }) => {
    const { events = [] } = await hookline.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    return events.map(({ lambdaFunctionFailedEventDetails: failed }) => failed?.error);
  });
  expect((await Promise.all(errors)).flat()).toContain('Lambda.TooManyRequestsException');
});
