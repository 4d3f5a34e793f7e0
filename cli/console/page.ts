import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { hashOf } from '../up/synthesis.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const INPUTS = [
  'package-lock.json',
  'tsconfig.json',
  'cli/console/page.ts',
  'console/page',
  'console/api.ts',
  'operate/format.ts',
];
const STAMP = 'inputs.sha256';

/** The folder of the console's page; built when it is asked for, unless the last build was made of the same inputs. */
export function consolePage(): () => Promise<string> {
  let built: Promise<string> | undefined;
  return () => {
    built ??= build().catch((error: unknown) => {
      built = undefined;
      throw error;
    });
    return built;
  };
}

async function build(): Promise<string> {
  const folder = join(ROOT, 'console', 'dist');
  const inputs = await hashOf(ROOT, INPUTS);
  const stamp = join(folder, STAMP);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === inputs) return folder;
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = await execa(process.execPath, [vite, 'build', join(ROOT, 'console', 'page')], {
    cwd: ROOT,
    // Whatever the caller's shell is set to: React's other build is larger and slower.
    env: { NODE_ENV: 'production' },
    all: true,
    reject: false,
  });
  if (result.failed) throw new Error(`vite build failed:\n${result.all}`);
  await writeFile(stamp, inputs);
  return folder;
}
