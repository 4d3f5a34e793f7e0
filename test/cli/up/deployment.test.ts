import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startDeployment } from '../../../cli/up/deployment.ts';
import { takeFolder } from '../../../local/core/state-folder.ts';
import { temporaryFolder } from '../../../local/testing.ts';
import { ASSEMBLY } from '../../support/hookline.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

it('a start on a folder that another runtime holds makes no secrets and no git host there', async () => {
  const { store, release } = await takeFolder(folder.path);
  const start = startDeployment({ assembly: ASSEMBLY, data: folder.path, port: 0 });
  await expect(start).rejects.toThrow(
    /is in use by process \d+: stop it, or choose another folder with --data/,
  );
  expect((await readdir(folder.path)).sort()).toEqual(['state.lmdb', 'state.lmdb-lock']);
  await release();
  await store.close();
});
