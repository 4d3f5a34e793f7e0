import { describe, expect, it } from 'vitest';
import { chaos } from '../support/chaos/index.ts';

// Hundreds of them: npm run chaos.
const SEED = 0;
const RUNS = 2;

describe(`a Hookline that is killed, by the plans of the seeds from ${SEED} on`, () => {
  it('loses nothing, starts nothing twice, leaves nothing torn and nothing stuck (I1, I2, I4, I10)', async () => {
    for (const { seed, kills, lost, twice, torn, stuck } of await chaos({ seed: SEED, runs: RUNS }))
      expect({ lost, twice, torn, stuck }, `seed ${seed}, killed: ${kills.join(', ')}`).toEqual({
        lost: [],
        twice: [],
        torn: [],
        stuck: [],
      });
  }, 600_000);
});
