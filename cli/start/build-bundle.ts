import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

// Beside the sources that are read: npm writes the first whenever it changes a package.
const ALSO = ['node_modules/.package-lock.json', 'tsconfig.json', 'cli/start/build-bundle.ts'];

// The commands that run from their sources.
const LEFT_OUT = new Set(['cli/up/up.ts', 'cli/up/ready.ts', 'cli/console/serve.ts', 'cli/doctor/run.ts']);

// Another start may be making a bundle of its own.
const OLD_MS = 3_600_000;

/** Where the bundle is, and how its age is told: `bundle-place.mjs`, which loads without a loader of TypeScript. */
interface Place {
  /** the checkout */
  readonly root: string;
  readonly folder: string;
  /** the file that names the bundle in use */
  readonly current: string;
  /** the name of the bundle's file */
  readonly file: string;
  stampOf(path: string): { readonly text: string; readonly isSettled: boolean };
}

/** How each file was when it was read, by its path below the checkout. */
type Stamps = Map<string, string>;

/**
 * Bundles the command with its packages, and puts the bundle in the place of the one before in one step.
 * @throws when the folder cannot be written, or when a source has a fault
 */
export async function buildBundle(place: Place): Promise<void> {
  await mkdir(place.folder, { recursive: true });
  const folder = await mkdtemp(join(place.folder, 'bundle-'));
  try {
    const made: Stamps = new Map();
    for (const path of ALSO) note(made, path, place);
    await bundle(place, join(folder, place.file), made);
    const current = join(folder, 'current.json');
    await writeFile(current, JSON.stringify({ name: basename(folder), made: [...made] }));
    await rename(current, place.current);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await removeOld(place.folder, basename(folder));
}

/** Notes how a file is before it is read. One that changes at this moment makes a bundle of one use. */
function note(made: Stamps, path: string, { stampOf }: Place): void {
  const { text, isSettled } = stampOf(path);
  made.set(path, isSettled ? text : '');
}

async function bundle(place: Place, outfile: string, made: Stamps): Promise<void> {
  await build({
    absWorkingDir: place.root,
    entryPoints: ['cli/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    // What a command imports when it runs stands in the same file, and is run then.
    supported: { 'dynamic-import': false },
    banner: { js: '(function (exports, require, module) {' },
    footer: { js: '})' },
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
    plugins: [sources(made, place)],
  });
}

/** Reads our sources: each knows its own place, and the clients of the AWS SDK are in the bundle. */
const sources = (made: Stamps, place: Place): Plugin => ({
  name: 'sources',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const file = relative(place.root, join(resolveDir, path));
      return LEFT_OUT.has(file) ? { path: file, external: true } : undefined;
    });
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      note(made, relative(place.root, path), place);
      const source = await readFile(path, 'utf8');
      const contents = source
        .replace('const require = createRequire(import.meta.url);', '')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: 'ts' };
    });
  },
});

async function removeOld(folder: string, current: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.startsWith('bundle-') || name === current) continue;
    if (Date.now() - (await stat(path)).mtimeMs > OLD_MS) await rm(path, { recursive: true, force: true });
  }
}
