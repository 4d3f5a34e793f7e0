import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Bundle {
  /** the program's file below `functions/` */
  readonly entry: string;
  readonly target: 'node22' | 'node24';
  /** what identifiers of the source stand for */
  readonly define?: Readonly<Record<string, string>>;
}

/**
 * Bundles a function with everything it needs, so that what runs is what was tested, whatever the runtime brings.
 * @returns the folder with `index.mjs` and its source map
 */
export function bundle({ entry, target, define = {} }: Bundle): string {
  const folder = join(ROOT, 'node_modules', '.cache', 'hookline', entry.replace(/\/index\.ts$/, ''));
  mkdirSync(folder, { recursive: true });
  const { outputFiles } = buildSync({
    entryPoints: [join(ROOT, 'functions', entry)],
    outfile: join(folder, 'index.mjs'),
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target,
    minify: true,
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    mainFields: ['module', 'main'],
    // What is CommonJS inside still asks for `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    define,
    write: false,
  });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  return folder;
}
