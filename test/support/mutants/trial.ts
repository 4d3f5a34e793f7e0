import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Mutant } from './mutant.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A copy of the tree, in which a fault harms nobody. */
export interface Trial {
  /** @param failed gets what is printed by a test file that does not pass */
  passes(test: string, failed?: (output: string) => void): Promise<boolean>;
  /** @throws when the mutant's text does not stand once in its file */
  survives(mutant: Mutant): Promise<boolean>;
  remove(): Promise<void>;
}

/** Copies what git knows or would take, as it stands in the work tree. */
export async function startTrial(): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-mutants-'));
  const { stdout } = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const file of stdout.split('\0').filter(Boolean)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // A file that is deleted is in the index still.
    await cp(join(ROOT, file), join(folder, file)).catch(unlessMissing);
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
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

function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
