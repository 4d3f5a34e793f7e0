import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { consolePage } from '../../../cli/console/page.ts';

const MOST_BYTES = 300_000;

describe('the page of the console', () => {
  it('what the console loads at once is under 300 kB as it travels', async () => {
    const folder = await consolePage()();
    const html = await readFile(join(folder, 'index.html'));
    const loaded = [...html.toString().matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, address = '']) => address,
    );
    expect(loaded.map((address) => address.replace(/.*\./, ''))).toEqual(
      expect.arrayContaining(['js', 'css']),
    );
    const files = loaded.map((address) => readFile(join(folder, 'assets', basename(address))));
    const sizes = [html, ...(await Promise.all(files))].map((file) => gzipSync(file).length);
    // This process is a test's, and the page is made for its readers all the same.
    expect((await Promise.all(files)).filter((file) => file.includes('React DevTools'))).toEqual([]);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });

  it('is whole however many build it at once, and takes the place of an older one', async () => {
    const place = await mkdtemp(join(tmpdir(), 'hookline-page-'));
    try {
      await mkdir(join(place, 'of-older-sources'));
      const folders = await Promise.all([consolePage(place)(), consolePage(place)()]);
      expect(new Set(folders)).toEqual(new Set([join(place, basename(folders[0]))]));
      expect(await readdir(place)).toEqual([basename(folders[0])]);
      expect(await readdir(folders[0])).toEqual(expect.arrayContaining(['assets', 'index.html']));
      // Another process has put a page of other sources there.
      const page = consolePage(place);
      await page();
      await rm(folders[0], { recursive: true });
      expect(await readdir(await page())).toContain('index.html');
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });
});
