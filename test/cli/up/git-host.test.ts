import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitHostSecrets } from '../../../cli/up/git-host.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-git-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const file = () => join(folder, 'secrets.json');

describe("the git host's secrets", () => {
  it('are made once, whole, for their owner alone', async () => {
    const made = await gitHostSecrets(folder);
    expect(await gitHostSecrets(folder)).toEqual(made);
    expect(await readdir(folder)).toEqual(['secrets.json']);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it.each([
    [
      'is cut',
      (text: string) => text.slice(0, 20),
      'secrets.json is not JSON: put it back from a copy, or remove it',
    ],
    ['is empty', () => '', 'secrets.json is not JSON: put it back from a copy, or remove it'],
    [
      'lacks one',
      () => '{"token":"t"}',
      'secrets.json has no webhookSecret: put it back from a copy, or remove it',
    ],
  ])('whose file %s are refused by its name, and the file stays', async (_, damage, words) => {
    await gitHostSecrets(folder);
    const damaged = damage(await readFile(file(), 'utf8'));
    await writeFile(file(), damaged);
    await expect(gitHostSecrets(folder)).rejects.toThrow(words);
    expect(await readFile(file(), 'utf8')).toBe(damaged);
  });
});
