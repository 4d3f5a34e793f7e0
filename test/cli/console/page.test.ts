import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { consolePage } from '../../../cli/console/page.ts';

const MOST_BYTES = 300_000;

it('what the console loads at once is under 300 kB as it travels', async () => {
  const folder = await consolePage()();
  const html = await readFile(join(folder, 'index.html'));
  const loaded = [...html.toString().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
  expect(loaded.map((address) => address.replace(/.*\./, ''))).toEqual(expect.arrayContaining(['js', 'css']));
  const files = loaded.map((address) => readFile(join(folder, 'assets', basename(address))));
  const sizes = [html, ...(await Promise.all(files))].map((file) => gzipSync(file).length);
  // This process is a test's, and the page is made for its readers all the same.
  expect((await Promise.all(files)).filter((file) => file.includes('React DevTools'))).toEqual([]);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});
