import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { synthesize } from '../../cli/up/synthesis.ts';
import { synth } from '../../infra/synth.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const cdkSchema = z.looseObject({ context: z.looseObject({ hookline: z.looseObject({}) }) });

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

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
  const rules = join(folder, 'both');
  await mkdir(rules);
  for (const compute of ['lambda', 'ec2'])
    await writeFile(
      join(rules, `on-${compute}.yaml`),
      JSON.stringify({ description: 'one', match: { event: ['push'] }, pull: { compute } }),
    );
  const { context } = cdkSchema.parse(JSON.parse(await readFile(join(ROOT, 'cdk.json'), 'utf8')));
  const { exitCode, all } = await execa(process.execPath, ['--import', 'tsx/esm', 'infra/app.ts'], {
    cwd: ROOT,
    reject: false,
    all: true,
    env: {
      CDK_OUTDIR: join(folder, 'vpc'),
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, rules, hookline: { ...context.hookline, ...optional } }),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
  const template = await readFile(join(folder, 'vpc', 'Hookline.template.json'), 'utf8');
  const api = Object.values(templateSchema.parse(JSON.parse(template)).Resources).find(
    ({ Type }) => Type === 'AWS::ApiGateway::RestApi',
  );
  expect(api?.Properties.Policy).toMatchObject({
    Statement: [
      { Effect: 'Allow' },
      { Effect: 'Deny', Condition: { NotIpAddress: { 'aws:SourceIp': optional.allowFrom } } },
    ],
  });
  expect(template).toContain('"ReservedConcurrentExecutions": 50');
}, 120_000);

const joinSchema = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

/** A value as CloudFormation fills it in, but for the very values. */
function filled(value: unknown): unknown {
  const join = joinSchema.safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(filled).join(join.data['Fn::Join'][0]);
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return '123456789012';
  if ('Fn::GetAtt' in value) return 'arn:aws:dynamodb:ap-southeast-1:123456789012:table/'.padEnd(120, 'x');
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member)]));
}

it('150 pipelines fit in the policies that IAM takes', async () => {
  const rules = join(folder, 'rules');
  await mkdir(rules);
  const match = { event: ['push'] };
  for (let n = 0; n < 150; n++)
    await writeFile(
      join(rules, `rule-${n}.yaml`),
      JSON.stringify({ description: 'one', match, pipeline: `a-pipeline-with-a-rather-long-name-${n}` }),
    );
  const app = new App({ outdir: join(folder, 'many'), context: { rules } });
  await synth(app);
  const { Resources } = templateSchema.parse(
    JSON.parse(await readFile(join(folder, 'many', 'Hookline.template.json'), 'utf8')),
  );
  const policies = Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy');
  expect(policies).not.toHaveLength(0);
  for (const { Properties } of policies)
    expect(JSON.stringify(filled(Properties.PolicyDocument)).length).toBeLessThan(6144);
  expect(Object.keys(Resources).length).toBeLessThan(500);
}, 120_000);

it('a pipeline named after its repository is granted by the prefix that its rule declares, and no other', async () => {
  const rules = join(folder, 'named');
  await mkdir(rules);
  const match = { event: ['push'] };
  const pipeline = { name: 'build-{name}', prefix: 'build-' };
  await writeFile(join(rules, 'named.yaml'), JSON.stringify({ description: 'one', match, pipeline }));
  const app = new App({ outdir: join(folder, 'prefix'), context: { rules, examplePipeline: false } });
  await synth(app);
  const text = await readFile(join(folder, 'prefix', 'Hookline.template.json'), 'utf8');
  const granted = [...text.matchAll(/"Sid": "Pipelines0"[^]*?\]/g)];
  const { Resources } = templateSchema.parse(JSON.parse(text));
  const policies = JSON.stringify(
    Object.values(Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::')),
  );
  expect(granted).toHaveLength(1);
  expect([...policies.matchAll(/:codepipeline:[^\]]*?\]/g)].map(([match]) => match)).toEqual([
    expect.stringContaining(':build-*"'),
  ]);
}, 120_000);
