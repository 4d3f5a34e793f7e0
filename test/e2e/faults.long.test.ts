import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import type { Fault } from '../../local/core/faults.ts';
import { AWS_ROWS } from '../support/faults/aws-rows.ts';
import { expectRow, pushTo } from '../support/faults/pushes.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let hookline: Hookline;
let repository: Repository;
beforeAll(async () => {
  hookline = await startHookline(undefined, { faults: true });
  repository = await createRepository();
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
});
afterEach(() => put());

const put = (...Faults: Fault[]) => hookline.runtime.call('faults', 'PutFaults', { Faults });
const doneSchema = z.object({ Faults: z.tuple([z.looseObject({ Done: z.number() })]) });

it.each(AWS_ROWS)('$what: $outcome', async ({ fault, to = 'acme/app', ...row }) => {
  await repository.commit({
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
    'time.txt': `${Date.now()}\n`,
  });
  await put(fault);
  await expectRow(hookline, await pushTo(hookline, repository, to), row);
  const { Faults } = doneSchema.parse(await hookline.runtime.call('faults', 'GetFaults', {}));
  // A fault that met no call has shown nothing.
  expect(Faults[0].Done).toBeGreaterThanOrEqual(fault.Count ?? 1);
});
