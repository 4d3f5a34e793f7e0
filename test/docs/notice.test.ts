import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import * as z from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HEADING = `# Notice

The console's page is one bundle, which carries parts of these packages. Each comes under its own licence, whose text is in the package.

| package | licence | copyright |
| --- | --- | --- |
`;

const packageSchema = z.looseObject({ license: z.string() });

/** The folders of the packages of which the page's bundle holds something. */
async function bundledPackages(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'console/page/main.tsx')],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    write: false,
    outdir: 'nowhere',
  });
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? path : [])),
  );
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

function line(folder: string): string {
  const { license } = packageSchema.parse(
    JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')),
  );
  const file = readdirSync(join(ROOT, folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(join(ROOT, folder, file), 'utf8') : '';
  const copyright = /^\s*(copyright .*?)\s*$/im.exec(text)?.[1] ?? 'see the package';
  return `| ${folder.replace(/^.*node_modules\//, '')} | ${license} | ${copyright} |\n`;
}

it('the notice names every package that the bundle of the page carries', async () => {
  const lines = (await bundledPackages()).map(line);
  expect(lines).not.toHaveLength(0);
  await expect(HEADING + lines.join('')).toMatchFileSnapshot('../../NOTICE.md');
});
