import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { synthesize } from '../../cli/up/synthesis.ts';
import { synth } from '../../infra/synth.ts';
import { templateSchema } from '../support/aws/template.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-template-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('cdk synth writes what doctor holds the stack against, and neither CloudFormation nor cdk-nag would find anything', async () => {
  const { directory } = await synthesize(ROOT, { deployed: true });
  const output = join(folder, 'cli');
  const { all } = await execa('npx', ['cdk', 'synth', '--quiet', '--output', output], {
    cwd: ROOT,
    all: true,
  });
  expect(all).not.toMatch(/error/i);
  for (const file of ['Hookline.template.json', 'Hookline.assets.json'])
    expect(await readFile(join(directory, file), 'utf8')).toBe(await readFile(join(output, file), 'utf8'));
});

it('a pipeline named after its repository is granted by the prefix that its rule declares, and no other', async () => {
  const rules = join(folder, 'named');
  await mkdir(rules);
  const match = { event: ['push'] };
  const pipeline = { name: 'build-{name}', prefix: 'build-' };
  await writeFile(join(rules, 'named.yaml'), JSON.stringify({ description: 'one', match, pipeline }));
  const app = new App({ outdir: join(folder, 'prefix'), context: { rules } });
  await synth(app);
  const text = await readFile(join(folder, 'prefix', 'Hookline.template.json'), 'utf8');
  const { Resources } = templateSchema.parse(JSON.parse(text));
  const policies = JSON.stringify(
    Object.values(Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::')),
  );
  const granted = [...policies.matchAll(/:codepipeline:[^\]]*?\]/g)].map(([match]) => match);
  expect([...new Set(granted)]).toEqual([expect.stringContaining(':build-*"')]);
});
