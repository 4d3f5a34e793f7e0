import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { synthesize } from '../../cli/up/synthesis.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const cdkSchema = z.looseObject({ context: z.looseObject({ hookline: z.looseObject({}) }) });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-template-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('cdk synth writes what hookline up runs, and neither CloudFormation nor cdk-nag would find anything', async () => {
  const { directory } = await synthesize(ROOT);
  const output = join(folder, 'cli');
  const { all } = await execa('npx', ['cdk', 'synth', '--quiet', '--output', output], {
    cwd: ROOT,
    all: true,
  });
  expect(all).not.toMatch(/error/i);
  for (const file of ['Hookline.template.json', 'Hookline.assets.json'])
    expect(await readFile(join(directory, file), 'utf8')).toBe(await readFile(join(output, file), 'utf8'));
}, 120_000);

// As in docs/deploy.md.
const vpc = {
  id: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'],
};

// As in docs/deploy.md, the addresses being GitHub's.
const optional = { vpc, allowFrom: ['192.30.252.0/22', '2a0a:a440::/29'], validateConcurrency: 50 };

it('the app is synthesized with every setting, and cdk-nag finds nothing', async () => {
  const { context } = cdkSchema.parse(JSON.parse(await readFile(join(ROOT, 'cdk.json'), 'utf8')));
  const { exitCode, all } = await execa(process.execPath, ['--import', 'tsx/esm', 'infra/app.ts'], {
    cwd: ROOT,
    reject: false,
    all: true,
    env: {
      CDK_OUTDIR: join(folder, 'vpc'),
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, hookline: { ...context.hookline, ...optional } }),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
  const template = await readFile(join(folder, 'vpc', 'Hookline.template.json'), 'utf8');
  expect(JSON.parse(template).Resources).toMatchObject({
    IngressApi9E28F5AE: {
      Properties: {
        Policy: {
          Statement: [
            { Effect: 'Allow' },
            { Effect: 'Deny', Condition: { NotIpAddress: { 'aws:SourceIp': optional.allowFrom } } },
          ],
        },
      },
    },
  });
  expect(template).toContain('"ReservedConcurrentExecutions": 50');
}, 120_000);
