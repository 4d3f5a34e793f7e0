import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Mutant } from './mutant.ts';
import { copyTree } from './tree.ts';

/** A copy of the tree, in which a fault harms nobody. */
export interface Trial {
  /** @param failed gets what is printed by a test file that does not pass */
  passes(test: string, failed?: (output: string) => void): Promise<boolean>;
  /** @throws when the mutant's text does not stand once in its file */
  survives(mutant: Mutant): Promise<boolean>;
  remove(): Promise<void>;
}

export async function startTrial(): Promise<Trial> {
  const folder = await copyTree();
  const passes: Trial['passes'] = async (test, failed) => {
    const mode = test.endsWith('.long.test.ts') ? ['--mode=long'] : [];
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...OPTIONS, ...mode, test];
    const { exitCode, all } = await execa('node', vitest, { cwd: folder, reject: false, all: true });
    if (exitCode !== 0) failed?.(all);
    return exitCode === 0;
  };
  return {
    passes,
    survives: async (mutant) => {
      const path = join(folder, mutant.file);
      const source = await readFile(path, 'utf8');
      await writeFile(path, mutated(source, mutant));
      try {
        return await passes(mutant.test);
      } finally {
        await writeFile(path, source);
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The file with the fault in it. @throws when the text does not stand once in the file */
export function mutated(source: string, { what, file, text, instead }: Mutant): string {
  const [before, after, ...more] = source.split(text);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(
      `"${what}": the text stands ${source.split(text).length - 1} times in ${file}, not once; correct the mutant: ${JSON.stringify(text)}`,
    );
  return before + instead + after;
}

// The first failure is enough, and one for want of time says nothing.
const OPTIONS = ['--bail=1', '--testTimeout=600000', '--hookTimeout=600000'];
