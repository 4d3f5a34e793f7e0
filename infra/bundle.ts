import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache', 'hookline');
// All that a bundle is made of, but for what is put in front of it.
const INPUTS = [
  'functions',
  'statemachine',
  'events',
  'package-lock.json',
  'tsconfig.json',
  'infra/bundle.ts',
];

export interface Bundle {
  /** the program's file below `functions/` */
  readonly entry: string;
  readonly target: 'node22' | 'node24';
  /** JSON by the name under which the program finds it */
  readonly constants?: Readonly<Record<string, string>>;
}

/**
 * Bundles a function with everything it needs, so that what runs is what was tested, whatever the runtime brings.
 * @returns the folder with `index.mjs` and its source map, there until `removeBundles`
 */
export function bundle({ entry, target, constants = {} }: Bundle): string {
  const { code, map } = cachedBuild(entry, target);
  const folder = mkdtempSync(join(scratch(), 'bundle-'));
  // On the first line, so that the source map holds; rules change often, and need no bundling.
  const front = Object.entries(constants).map(([name, json]) => `const ${name} = ${json}; `);
  writeFileSync(join(folder, 'index.mjs'), front.join('') + code);
  writeFileSync(join(folder, 'index.mjs.map'), map);
  return folder;
}

let scratchFolder: string | undefined;

function scratch(): string {
  scratchFolder ??= mkdtempSync(join(tmpdir(), 'hookline-bundles-'));
  return scratchFolder;
}

/** To be called when all bundles are used: the CDK copies what it takes. */
export function removeBundles(): void {
  if (scratchFolder !== undefined) rmSync(scratchFolder, { recursive: true, force: true });
  scratchFolder = undefined;
}

interface BuildOutput {
  readonly code: string;
  readonly map: string;
}

const CACHED_FILES = ['code', 'map'] as const;

/** From the cache while no input has changed; each file of it is written in one step, as synthesis may run twice at once. */
function cachedBuild(entry: string, target: Bundle['target']): BuildOutput {
  const folder = join(CACHE, dirname(entry));
  const key = `${inputs()} ${target}\n`;
  const [code, map] = CACHED_FILES.map((name) => cachedFile(join(folder, name), key));
  if (code !== undefined && map !== undefined) return { code, map };
  const made = build(entry, target);
  mkdirSync(folder, { recursive: true });
  for (const name of CACHED_FILES) {
    const temporary = join(folder, `${name}.${process.pid}`);
    writeFileSync(temporary, key + made[name]);
    renameSync(temporary, join(folder, name));
  }
  return made;
}

function cachedFile(file: string, key: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.startsWith(key) ? text.slice(key.length) : undefined;
  } catch {
    return undefined;
  }
}

let inputsHash: string | undefined;

function inputs(): string {
  if (inputsHash !== undefined) return inputsHash;
  const hash = createHash('sha256');
  for (const path of INPUTS.flatMap(sources)) hash.update(path).update(readFileSync(join(ROOT, path)));
  inputsHash = hash.digest('hex');
  return inputsHash;
}

function sources(path: string): string[] {
  if (path.includes('.')) return [path];
  const entries = readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' });
  return entries
    .filter((entry) => entry.endsWith('.ts'))
    .map((entry) => join(path, entry))
    .sort();
}

function build(entry: string, target: Bundle['target']): BuildOutput {
  const { outputFiles } = buildSync({
    entryPoints: [join(ROOT, 'functions', entry)],
    // Nothing is written there: what stands in a source map is relative to it.
    outfile: join(CACHE, dirname(entry), 'index.mjs'),
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
    write: false,
  });
  const text = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { code: text('index.mjs'), map: text('index.mjs.map') };
}
