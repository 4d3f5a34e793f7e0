import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptToken } from '../../../cli/console/address.ts';
import { temporaryFolder } from '../../../local/testing.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());
const file = () => join(folder.path, 'console-token');

describe("the console's token of a state folder", () => {
  it('is made once, whole, for its owner alone', async () => {
    const token = await keptToken(folder.path);
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(await keptToken(folder.path)).toBe(token);
    expect(await readdir(folder.path)).toEqual(['console-token']);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['empty', ''],
    ['cut', 'kXy'],
  ])('is made anew where its file is %s, as after a full disk', async (_, left) => {
    await writeFile(file(), left);
    const token = await keptToken(folder.path);
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(await readFile(file(), 'utf8')).toBe(token);
  });
});
