import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { synthesize } from '../../../cli/up/synthesis.ts';
import { loadAssembly } from '../../../local/index.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

// A project whose app takes a moment.
let project: string;
let folder: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'hookline-project-'));
  folder = join(project, 'cdk.out', 'local');
  for (const name of ['infra', 'functions', 'statemachine', 'events']) await mkdir(join(project, name));
  for (const name of ['package-lock.json', 'tsconfig.json']) await writeFile(join(project, name), '{}');
  const app = `"${process.execPath}" "${join(HERE, 'fake-app.mjs')}"`;
  await writeFile(join(project, 'cdk.json'), JSON.stringify({ app, context: {} }));
  await say('good');
});
afterEach(() => rm(project, { recursive: true, force: true }));

const say = (word: string) => writeFile(join(project, 'events', 'word'), word);
const runs = async () => (await readFile(join(project, 'runs'), 'utf8')).length;
const staging = async () => (await readdir(folder)).filter((name) => name.startsWith('staging.'));
/** The word that an assembly was made of: by its template, and by the asset that it names. */
const wordOf = async (directory: string) => {
  const { stacks, assets } = loadAssembly(directory);
  const [[key, asset] = []] = [...assets];
  expect(await readFile(join(asset?.path ?? '', 'index.mjs'), 'utf8')).toBe(key);
  expect(stacks.map(({ template }) => template)).toEqual([expect.objectContaining({ Description: key })]);
  return key;
};

describe('after a synthesis that failed, the next one works', () => {
  it('with the inputs of an earlier one', async () => {
    const first = await synthesize(project);
    await say('wrong');
    await expect(synthesize(project)).rejects.toThrow('the synthesis failed:\nthe word is "wrong"');
    await say('good');
    expect(await synthesize(project)).toEqual({ ...first, reused: true });
    expect(await wordOf(first.directory)).toBe('good');
    expect(await staging()).toEqual([]);
  });

  it('when the app made no stack, and said nothing', async () => {
    await say('no stack');
    for (const _ of [1, 2])
      await expect(synthesize(project)).rejects.toThrow(
        `the app in ${join(project, 'cdk.json')} made no stack`,
      );
    await say('good');
    expect(await wordOf((await synthesize(project)).directory)).toBe('good');
  });

  it.runIf(existsSync('/dev/full'))('when the disk was full, and the error names the folder', async () => {
    await say('full');
    await expect(synthesize(project)).rejects.toThrow(`no space is left in ${folder} or `);
    expect(await staging()).toEqual([]);
    await say('good');
    expect(await wordOf((await synthesize(project)).directory)).toBe('good');
  });

  it('when it was killed in the middle, and what it left is removed', async () => {
    await say('wait');
    const code = `import('./cli/up/synthesis.ts').then((its) => its.synthesize(${JSON.stringify(project)}))`;
    const child = execa(process.execPath, ['--import', 'tsx/esm', '--eval', code], {
      cwd: ROOT,
      reject: false,
      stdio: 'ignore',
      timeout: 60_000,
    });
    await vi.waitFor(() => expect(existsSync(join(project, 'waiting'))).toBe(true));
    await say('good');
    await synthesize(project);
    expect(await staging()).toHaveLength(1);
    child.kill('SIGKILL');
    await child;
    // Its app goes on without it, and ends.
    await writeFile(join(project, 'go on'), '');
    await vi.waitFor(async () => expect(await runs()).toBe(2));
    await say('wait');
    const { directory, reused } = await synthesize(project);
    expect({ reused, word: await wordOf(directory) }).toEqual({ reused: false, word: 'wait' });
    expect(await staging()).toEqual([]);
  });
});

describe('an assembly', () => {
  it.each(['manifest.json', 'Fake.template.json', 'Fake.assets.json', '../assets/asset.676f6f64'])(
    'without its %s is made again',
    async (name) => {
      const { directory } = await synthesize(project);
      await rm(join(directory, name), { recursive: true });
      expect(await synthesize(project)).toEqual({ directory, reused: false });
      expect(await wordOf(directory)).toBe('good');
      expect(await synthesize(project)).toEqual({ directory, reused: true });
      expect(await staging()).toEqual([]);
    },
  );

  it('stays, with its assets, for whoever runs it while others are made', async () => {
    const { directory } = await synthesize(project);
    await say('better');
    expect(await wordOf((await synthesize(project)).directory)).toBe('better');
    expect(await wordOf(directory)).toBe('good');
  });

  it('is whole when several are made at once, of the same inputs and of others', async () => {
    const others = join(project, 'others');
    await mkdir(others);
    await writeFile(join(others, 'word'), 'other');
    const options = [{}, { rules: others }, {}, { rules: others }];
    const made = await Promise.all(options.map((each) => synthesize(project, each)));
    const words = await Promise.all(made.map(({ directory }) => wordOf(directory)));
    expect(words).toEqual(['good', 'other', 'good', 'other']);
    expect(await staging()).toEqual([]);
  });

  it('is made again when an input changed meanwhile, and is kept for what it was made of', async () => {
    await say('changes');
    const { directory } = await synthesize(project);
    expect(await wordOf(directory)).toBe('changed');
    expect(await runs()).toBe(2);
    const names = (await readdir(folder)).filter((name) => name !== 'assets');
    expect(names).toEqual([expect.stringMatching(/^[\da-f]{64}$/)]);
  });
});
