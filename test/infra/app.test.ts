import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const cdkSchema = z.looseObject({ context: z.looseObject({ hookline: z.looseObject({}) }) });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-app-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the app as `cdk synth` does, cdk-nag included. */
async function synth(settings: object) {
  const { context } = cdkSchema.parse(JSON.parse(await readFile(join(ROOT, 'cdk.json'), 'utf8')));
  return execa(process.execPath, ['--import', 'tsx', 'infra/app.ts'], {
    cwd: ROOT,
    reject: false,
    all: true,
    env: {
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, hookline: { ...context.hookline, ...settings } }),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
}

// As in docs/deploy.md.
const vpc = {
  id: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'],
};

it('the app is synthesized with a VPC, and cdk-nag finds nothing', async () => {
  const { exitCode, all } = await synth({ vpc });
  expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
});
