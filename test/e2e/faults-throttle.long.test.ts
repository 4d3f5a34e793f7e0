import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import type { Fault } from '../../local/core/faults.ts';
import { startHurried } from '../support/faults/hurried.ts';
import { expectRow, pushTo } from '../support/faults/pushes.ts';
import { THROTTLE_ROWS } from '../support/faults/throttle-rows.ts';
import type { Hookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let hookline: Hookline;
let repository: Repository;
beforeAll(async () => {
  hookline = await startHurried({ faults: true });
  repository = await createRepository();
  await repository.commit({ 'a.txt': 'a\n' });
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
});
afterEach(() => put());

const put = (...Faults: Fault[]) => hookline.runtime.call('faults', 'PutFaults', { Faults });
const historySchema = z.object({ events: z.array(z.looseObject({ type: z.string() })) });
const doneSchema = z.object({ Faults: z.tuple([z.looseObject({ Done: z.number() })]) });

it.each(THROTTLE_ROWS.map((row, number) => ({ ...row, name: `acme/throttled-${number}` })))(
  '$what: $outcome',
  async ({ name, fault, ...row }) => {
    await put(fault);
    const { executionArn } = await expectRow(hookline, await pushTo(hookline, repository, name), row);
    const { Faults } = doneSchema.parse(await hookline.runtime.call('faults', 'GetFaults', {}));
    expect(Faults[0].Done).toBe(fault.Count);
    const history = await hookline.runtime.call('states', 'GetExecutionHistory', {
      ...{ executionArn, maxResults: 1000 },
    });
    const timedOut = historySchema
      .parse(history)
      .events.filter(({ type }) => /^(Task|LambdaFunction)TimedOut$/.test(type));
    expect(timedOut.length > 0).toBe(fault.Kind === 'late');
  },
);
