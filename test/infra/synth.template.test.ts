import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { synthesize } from '../../cli/up/synthesis.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-template-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('cdk synth writes what hookline up runs, and neither CloudFormation nor cdk-nag would find anything', async () => {
  const { directory } = await synthesize(ROOT);
  const output = join(folder, 'cli');
  const { all } = await execa('npx', ['cdk', 'synth', '--quiet', '--output', output], {
    cwd: ROOT,
    all: true,
  });
  expect(all).not.toMatch(/error/i);
  for (const file of ['Hookline.template.json', 'Hookline.assets.json'])
    expect(await readFile(join(directory, file), 'utf8')).toBe(await readFile(join(output, file), 'utf8'));
}, 120_000);
