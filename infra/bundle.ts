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
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const MAIN = 'index.mjs';
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
 * @returns the folder with `index.mjs`, what that imports only at need, and their source maps; there until `removeBundles`
 */
export function bundle({ entry, target, constants = {} }: Bundle): string {
  const folder = mkdtempSync(join(scratch(), 'bundle-'));
  for (const [name, text] of Object.entries(cachedBuild(entry, target)))
    writeFileSync(join(folder, name), name === MAIN ? front(constants) + text : text);
  return folder;
}

/** On the first line, so that the source map holds; rules change often, and need no bundling. */
const front = (constants: Readonly<Record<string, string>>): string =>
  Object.entries(constants)
    .map(([name, json]) => `const ${name} = ${json}; `)
    .join('');

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

/** Text by the name of its file. */
type BuildOutput = Readonly<Record<string, string>>;

/** From the cache while no input has changed; its file is written in one step, as synthesis may run twice at once. */
function cachedBuild(entry: string, target: Bundle['target']): BuildOutput {
  const folder = join(CACHE, dirname(entry));
  const file = join(folder, 'bundle.json');
  const key = `${inputs()} ${target}\n`;
  const cached = cachedText(file, key);
  if (cached !== undefined) return JSON.parse(cached);
  const made = build(entry, target);
  mkdirSync(folder, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, key + JSON.stringify(made));
  renameSync(temporary, file);
  return made;
}

function cachedText(file: string, key: string): string | undefined {
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
    outdir: join(CACHE, dirname(entry)),
    outExtension: { '.js': '.mjs' },
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // What only some hosts need (`undici` is as large as all the rest) costs no start of the others.
    splitting: true,
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
  return Object.fromEntries(outputFiles.map(({ path, text }) => [basename(path), text]));
}
