import { expect, it } from 'vitest';
import { READERS } from '../support/fuzz/readers.ts';

// Thousands of them, by other seeds: npm run fuzz -- --door settings.
const SEED = 1;
const RUNS: Readonly<Record<string, number>> = {
  ...{ settings: 200, rules: 100, secrets: 30, hosts: 200, drafts: 100, args: 20 },
};

it.each(Object.entries(READERS))(
  'what is wrong in %s is refused in words that name the place, and never by an error of the program',
  async (name, read) => {
    await expect(read(SEED, RUNS[name] ?? 0), `seed ${SEED}`).resolves.toBeUndefined();
  },
);
