import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { zipFolder } from '../../../functions/pull/zip.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-zip-test-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

it('a zip fails with the error of the first entry that fails, and another one after it ends nothing', async () => {
  await symlink('target', join(folder, 'link'));
  const add = vi.spyOn(ZipFile.prototype, 'addBuffer').mockImplementation(() => {
    throw new Error('link is refused');
  });
  await expect(buffer(zipFolder(folder, 0))).rejects.toThrow('link is refused');
  const [zip] = add.mock.contexts;
  if (!(zip instanceof ZipFile)) throw new Error('no zip was made');
  expect(() => zip.emit('error', new Error('the folder is gone'))).not.toThrow();
});
