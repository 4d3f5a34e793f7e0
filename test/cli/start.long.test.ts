import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['cli', 'console/api', 'console/server', 'events', 'operate', 'statemachine'];
const FILES = ['console/api.ts', 'package.json', 'tsconfig.json'];

// A checkout of its own, whose packages are links and whose cache is not.
let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'hookline-checkout-'));
  for (const path of [...SOURCES, ...FILES])
    await cp(join(ROOT, path), join(checkout, path), { recursive: true });
  await mkdir(join(checkout, 'node_modules'));
  for (const name of await readdir(join(ROOT, 'node_modules')))
    if (name !== '.cache')
      await symlink(join(ROOT, 'node_modules', name), join(checkout, 'node_modules', name));
  await rm(join(checkout, 'node_modules/.package-lock.json'));
  await cp(join(ROOT, 'node_modules/.package-lock.json'), join(checkout, 'node_modules/.package-lock.json'));
});
afterEach(() => rm(checkout, { recursive: true, force: true }));

const cache = (): string => join(checkout, 'node_modules/.cache');
const run = (...args: string[]) =>
  execa(process.execPath, ['cli/hookline.mjs', ...args], { cwd: checkout, reject: false });

async function bundles(): Promise<string[]> {
  const files = await readdir(cache(), { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith('cli.cjs'));
}

/** Starts the command until it makes no bundle: one of sources that are of this very moment is made anew. */
async function settled(): Promise<void> {
  while ((await newBundles()) > 0);
}

async function newBundles(): Promise<number> {
  const before = (await bundles()).length;
  await run('--version');
  return (await bundles()).length - before;
}

describe('the bundle of the command', () => {
  it('is made once, and runs in place of the sources', async () => {
    await settled();
    const [bundle = ''] = (await bundles()).slice(-1);
    const { stdout } = await run('--version');
    expect(stdout).toBe(JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')).version);
    const file = join(cache(), bundle);
    expect(await newBundles()).toBe(0);
    await writeFile(file, "(function (exports) { exports.main = () => console.log('the bundle') })");
    // What V8 has compiled is of the bundle as it was.
    for (const name of await readdir(join(file, '..')))
      if (name.startsWith('v')) await rm(join(file, '..', name));
    expect((await run('--version')).stdout).toBe('the bundle');
  });

  it('is never older than a source or the packages', async () => {
    await settled();
    const source = join(checkout, 'cli/overview/index.ts');
    const text = await readFile(source, 'utf8');
    await writeFile(source, text.replace('what happened in a span', 'what came about in a span'));
    expect((await run('overview', '--help')).stdout).toContain('what came about in a span');
    await settled();
    const lock = join(checkout, 'node_modules/.package-lock.json');
    await utimes(lock, new Date(0), new Date(0));
    expect(await newBundles()).toBe(1);
  });

  it('is made by several commands at once', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => run('rules', '--help')));
    for (const { stdout, stderr, exitCode } of all) {
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
      expect(stdout).toContain('which events start what');
    }
    await settled();
  });

  it('leaves the names and lines of the sources in stack traces', async () => {
    const source = join(checkout, 'cli/program.ts');
    const lines = (await readFile(source, 'utf8')).split('\n').length;
    await appendFile(source, "export function fails(): never {\n  throw new TypeError('on purpose');\n}\n");
    await appendFile(
      join(checkout, 'cli/main.ts'),
      "\nimport { fails } from './program.ts';\nsetImmediate(fails);\n",
    );
    for (const _ of ['built', 'read']) {
      const { stderr } = await run('--version');
      expect(stderr).toContain('TypeError: on purpose');
      expect(stderr).toMatch(new RegExp(`fails .*cli/program\\.ts:${lines + 1}:\\d+`));
    }
  });

  it('is done without where its folder cannot be written', async () => {
    await writeFile(cache(), 'no folder');
    expect(await run('rules', '--help')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('leaves it to the sources to tell of their faults', async () => {
    await appendFile(join(checkout, 'cli/program.ts'), 'const = 1;\n');
    const { stderr, exitCode } = await run('--version');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('cli/program.ts');
  });
});
