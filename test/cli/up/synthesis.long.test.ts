import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from '../../../cli/up/synthesis.ts';
import { loadAssembly } from '../../../local/index.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-synthesis-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the synthesis', () => {
  it('takes the rules of another folder, and is made once while nothing changes', async () => {
    const rules = join(folder, 'wrong');
    const options = { rules: join(ROOT, 'events', 'rules'), output: join(folder, 'own') };
    const { directory } = await synthesize(ROOT, options);
    expect(await synthesize(ROOT, options)).toEqual({ directory, reused: true });
    await mkdir(rules);
    await writeFile(join(rules, 'bad.yaml'), 'description: a rule\n');
    await expect(synthesize(ROOT, { ...options, rules })).rejects.toThrow(
      /the synthesis failed:\n.*bad\.yaml:1:1: match is missing/,
    );
    expect(await synthesize(ROOT, options)).toEqual({ directory, reused: true });
    await writeFile(join(rules, 'bad.yaml'), 'description: a rule\nmatch: { event: [push] }\n');
    const right = await synthesize(ROOT, { ...options, rules });
    expect(loadAssembly(right.directory).stacks.map(({ name }) => name)).toEqual(['Hookline']);
  });
});
