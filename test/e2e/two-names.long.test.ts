import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Runtime, startRuntime } from '../../local/index.ts';
import { ASSEMBLY } from '../support/hookline.ts';
import { STAGING, STAGING_RULES } from '../support/infra/staging.ts';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';

const manifestSchema = z.looseObject({ artifacts: z.record(z.string(), z.unknown()) });
const readManifest = async (assembly: string) =>
  manifestSchema.parse(JSON.parse(await readFile(join(assembly, 'manifest.json'), 'utf8')));

let folder: string;
let staging: Synthesized;
let runtime: Runtime;
let warnings: string[];

/** One assembly of the stacks of both. */
async function together(): Promise<string> {
  const both = join(folder, 'both');
  for (const assembly of [staging.assembly, ASSEMBLY])
    await cp(assembly, both, { recursive: true, dereference: true });
  const [one, other] = [await readManifest(ASSEMBLY), await readManifest(staging.assembly)];
  const manifest = { ...one, artifacts: { ...other.artifacts, ...one.artifacts } };
  await writeFile(join(both, 'manifest.json'), JSON.stringify(manifest));
  return both;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-two-names-'));
  staging = await synthesized(STAGING, STAGING_RULES);
  warnings = [];
  const warn = (message: string) => void warnings.push(message);
  runtime = await startRuntime({ assembly: await together(), data: join(folder, 'data'), port: 0, warn });
});
afterAll(async () => {
  await runtime?.close();
  for (const made of [folder, dirname(staging.assembly)]) await rm(made, { recursive: true, force: true });
});

const outputsOf = (name: string): Record<string, string> => {
  const stack = runtime.stacks.find((each) => each.name === name);
  return Object.fromEntries((stack?.outputs ?? []).map(({ key, value }) => [key, value]));
};
const output = (stack: string, suffix: string): string =>
  Object.entries(outputsOf(stack)).find(([key]) => key.toLowerCase().endsWith(suffix))?.[1] ?? '';
const listed = z.object({ executions: z.array(z.looseObject({ status: z.string() })) });
const executions = async (stack: string) => {
  const stateMachineArn = output(stack, 'statemachinearn');
  return listed.parse(await runtime.call('states', 'ListExecutions', { stateMachineArn })).executions;
};
const STACKS = ['Hookline', 'Hookline-staging'] as const;

describe('two Hooklines of one account', () => {
  it('share no resource, and no output but those of their own', () => {
    const [first = [], second = []] = STACKS.map((name) =>
      (runtime.stacks.find((stack) => stack.name === name)?.resources ?? []).map(
        ({ type, ref }) => `${type} ${ref}`,
      ),
    );
    expect(first.length).toBeGreaterThan(100);
    expect(second.length).toBeGreaterThan(100);
    // The name of a stage is its API's own.
    expect(first.filter((each) => second.includes(each))).toEqual(['AWS::ApiGateway::Stage hooks']);
    const [values = [], others = []] = STACKS.map((name) => Object.values(outputsOf(name)));
    // The door's required headers, Regions and the like are the same.
    const arns = values.filter((value) => /^arn:|^https?:/.test(value));
    expect(arns.length).toBeGreaterThan(5);
    expect(arns.filter((value) => others.includes(value))).toEqual([]);
  });

  it('each take what comes to their own door', async () => {
    const post = async (stack: string) => {
      const headers = {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': `of-${stack}`,
        'x-github-enterprise-host': 'github.com',
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
      };
      const body = '{"ref":"refs/heads/main","deleted":false,"repository":{"full_name":"acme/order"}}';
      const { host, pathname } = new URL(output(stack, 'webhookurl'));
      const [api] = host.split('.');
      const door = `${runtime.endpoint}/execute-api/${api}${pathname}`;
      const answer = await fetch(door, { method: 'POST', headers, body });
      return answer.status;
    };
    const ended = async () =>
      Promise.all(STACKS.map(async (name) => (await executions(name)).map(({ status }) => status)));
    expect(await post('Hookline-staging')).toBe(202);
    await vi.waitFor(async () => expect(await ended()).toEqual([[], ['FAILED']]));
    expect(await post('Hookline')).toBe(202);
    await vi.waitFor(async () => expect(await ended()).toEqual([['FAILED'], ['FAILED']]));
    expect(warnings.filter((warning) => warning.includes('is not authorized'))).toEqual([]);
  });
});
