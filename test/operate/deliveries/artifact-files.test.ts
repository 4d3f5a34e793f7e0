import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { Connection } from '../../../operate/connection/connection.ts';
import { artifactFiles } from '../../../operate/deliveries/artifact-files.ts';
import { s3ForTests } from '../../support/local/s3.ts';

const s3 = s3ForTests();

const filesOf = (key: string, options?: Parameters<typeof artifactFiles>[2]) =>
  artifactFiles({ s3: s3.client, outputs: { bucket: 'b' } } as unknown as Connection, key, options);

/** Puts a zip of these files. */
async function artifact(key: string, files: Readonly<Record<string, string>>): Promise<void> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), path);
  zip.end();
  await s3.put(key, await buffer(zip.outputStream));
}

it('are the files of the artifact, in its order, with their sizes', async () => {
  await artifact('a.zip', { 'src/b.ts': 'bb', 'a.txt': '', 'ü 日本.md': 'x'.repeat(300) });
  expect(await filesOf('a.zip')).toEqual({
    count: 3,
    files: [
      { path: 'src/b.ts', bytes: 2 },
      { path: 'a.txt', bytes: 0 },
      { path: 'ü 日本.md', bytes: 300 },
    ],
  });
});

it('are none of a tree without files', async () => {
  await artifact('empty.zip', {});
  expect(await filesOf('empty.zip')).toEqual({ count: 0, files: [] });
});

it('are counted whole where only the first are wanted, over more than one block of the directory', async () => {
  const long = 'x'.repeat(240);
  const names = Array.from({ length: 5000 }, (_, number) => `${number}/${long}`);
  await artifact('many.zip', Object.fromEntries(names.map((name) => [name, name])));
  const { count, files } = await filesOf('many.zip', { most: 2 });
  expect(count).toBe(5000);
  expect(files.map(({ path }) => path)).toEqual(names.slice(0, 2));
  expect((await filesOf('many.zip')).files.map(({ path }) => path)).toEqual(names);
});

it('names the key where there is no artifact', async () => {
  await expect(filesOf('none.zip')).rejects.toThrow('no artifact none.zip: "hookline artifacts list"');
});
