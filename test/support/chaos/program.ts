import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const SOURCE = fileURLToPath(new URL('runtime.ts', import.meta.url));
// Below the packages, of which the program loads some as they are: those with parts that are no JavaScript.
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/hookline', import.meta.url));

const AS_THEY_ARE = ['lmdb', 'dynalite', 'esbuild'];

// What packages of the older kind load others by.
const REQUIRE =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

/** The runtime's program as one file of JavaScript. */
export interface Program {
  readonly file: string;
  remove(): Promise<void>;
}

/** Compiles the program once for all of its starts: to compile it at each start takes longer than all else there. */
export async function compileProgram(): Promise<Program> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'chaos-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const file = join(folder, 'runtime.mjs');
  try {
    await build({
      entryPoints: [SOURCE],
      outfile: file,
      bundle: true,
      external: AS_THEY_ARE,
      banner: { js: REQUIRE },
      platform: 'node',
      format: 'esm',
      target: 'node20',
      plugins: [filesStay],
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { file, remove };
}

/** What a source file loads from beside itself is still there. */
const filesStay: Plugin = {
  name: 'files stay',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const address = JSON.stringify(pathToFileURL(path).href);
      return { loader: 'ts', contents: text.replaceAll('import.meta.url', address) };
    }),
};
