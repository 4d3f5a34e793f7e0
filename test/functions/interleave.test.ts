import { expect, it } from 'vitest';
import { interleave } from '../support/interleave/index.ts';

// Thousands of them: npm run interleave.
const RUNS = 25;

it(`the invariants I2 to I5 and I10 hold in ${RUNS} interleavings of the steps' calls`, async () => {
  const { failure } = await interleave(1, RUNS, 5000);
  expect(failure?.wrong, `seed ${failure?.seed}\n${failure?.trace.join('\n')}`).toBeUndefined();
});

// Each fails without its guard.
it.each([
  ['a push that comes while the teardown of its branch runs waits for it', 1000],
  ['a branch that comes back after its teardown began', 1149],
  ['a teardown whose start was cut off before it was on record', 203_594],
  ['a commit that is told again while its replay cannot start', 301_151],
])('the invariants hold of %s, seed %i', async (_, seed) => {
  const { failure } = await interleave(seed, 1, 1);
  expect(failure?.wrong, failure?.trace.join('\n')).toBeUndefined();
});
