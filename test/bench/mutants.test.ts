import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from '../support/mutants/mutants.ts';
import { mutated } from '../support/mutants/trial.ts';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe('a mutant', () => {
  it.each(MUTANTS.map((mutant) => [mutant.what, mutant] as const))(
    '%s: applies, and its test is there',
    (_, mutant) => {
      const source = readFileSync(fileOf(mutant.file), 'utf8');
      expect(mutated(source, mutant)).not.toBe(source);
      expect(existsSync(fileOf(mutant.test))).toBe(true);
    },
  );
});
