import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { hashOf } from '../up/synthesis.ts';
import { compressAll } from './compress.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const INPUTS = [
  'package-lock.json',
  'tsconfig.json',
  'cli/console/compress.ts',
  'cli/console/page.ts',
  'console/page',
  'console/api.ts',
  'console/api',
  'operate/format.ts',
  'statemachine',
];
const DIST = join(ROOT, 'console', 'dist');
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');

/**
 * Gives the folder of the console's page. The page is built at a call, unless the last build was made of the same
 * inputs.
 * @param dist the folder of the builds
 */
export function consolePage(dist = DIST): () => Promise<string> {
  let built: Promise<string> | undefined;
  const once = (): Promise<string> => {
    built ??= build(dist).catch((error: unknown) => {
      built = undefined;
      throw error;
    });
    return built;
  };
  return async () => {
    const folder = await once();
    if (existsSync(folder)) return folder;
    // The sources have changed since, and another process has replaced the folder by a page of the new ones.
    built = undefined;
    return once();
  };
}

// A build that has been under way for so long belongs to a process that was killed.
const LEFT_OVER_MS = 3_600_000;

/** Builds into a folder aside and moves that into its place, as several processes may build at once, and be killed. */
async function build(dist: string): Promise<string> {
  const inputs = await hashOf(ROOT, INPUTS);
  const folder = join(dist, inputs);
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${randomUUID()}`;
  const result = await execa(
    process.execPath,
    [VITE, 'build', join(ROOT, 'console', 'page'), '--outDir', aside, '--emptyOutDir'],
    // NODE_ENV of the caller's shell must not choose React's development build, which is larger and slower.
    { cwd: ROOT, env: { NODE_ENV: 'production' }, all: true, reject: false },
  );
  if (result.failed) throw new Error(`vite build failed:\n${result.all}`);
  await compressAll(aside);
  await rename(aside, folder).catch(async (error: unknown) => {
    if (!existsSync(folder)) throw error;
    await rm(aside, { recursive: true });
  });
  for (const name of await readdir(dist)) {
    const other = join(dist, name);
    const isAside = name.includes('.') && (await changedAt(other)) > Date.now() - LEFT_OVER_MS;
    if (name !== inputs && !isAside) await rm(other, { recursive: true, force: true });
  }
  return folder;
}

/** When a file was last changed, in ms since 1970; 0 when it is gone. */
const changedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
