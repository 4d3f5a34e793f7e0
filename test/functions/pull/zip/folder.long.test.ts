import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { zipFolder } from '../../../../functions/pull/zip/folder.ts';
import { readZipBytes } from '../../../support/zip.ts';

it('a zip of a folder holds more files than 16 bits count', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-zip-test-'));
  try {
    const names = Array.from({ length: 66_000 }, (_, n) => String(n).padStart(5, '0'));
    for (const name of names) await writeFile(join(folder, name), '');
    const found = await readZipBytes(await buffer(zipFolder(folder, 0)));
    expect(found.map(({ name }) => name.toString())).toEqual(names);
  } finally {
    await rm(folder, { recursive: true });
  }
});
