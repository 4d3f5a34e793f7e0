import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { loadAssembly, type Runtime, startRuntime } from '../../local/index.ts';
import { temporaryFolder } from '../../local/testing.ts';

const APP = fileURLToPath(new URL('../support/local/orders/app.ts', import.meta.url));

const folder = temporaryFolder();
const assembly = join(folder.path, 'cdk.out');
const data = join(folder.path, 'data');
let runtime: Runtime;

beforeAll(async () => {
  await execa(process.execPath, ['--import', 'tsx', APP], { env: { CDK_OUTDIR: assembly } });
  runtime = await startRuntime({ assembly, data, port: 0 });
});
afterAll(async () => {
  await runtime?.close();
  folder.remove();
});

const output = (key: string): string =>
  runtime.stacks.flatMap(({ outputs }) => outputs).find((each) => each.key === key)?.value ?? '';

async function ask(path: string, body?: object) {
  const answer = await fetch(`${runtime.endpoint}/execute-api/${output('ApiId')}/prod${path}`, {
    headers: { 'content-type': 'application/json' },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

const priced = (id: string, total: number) =>
  vi.waitFor(async () =>
    expect(await ask(`/orders/${id}`)).toEqual({ status: 200, body: { id, total: String(total) } }),
  );

describe('a stack that is not Hookline', () => {
  it('is read', () => {
    const { stacks } = loadAssembly(assembly);
    expect(stacks.map(({ name }) => name)).toEqual(['Orders']);
  });

  it('goes the whole way, from its API to the answer of its API', async () => {
    expect(await ask('/orders', { id: 'one', quantity: 3 })).toEqual({
      status: 202,
      body: { event: expect.stringMatching(/^[\da-f-]{36}$/) },
    });
    await priced('one', 30);
    const got = await runtime.call('s3', 'GetObject', { Bucket: output('ReceiptBucket'), Key: 'one.txt' });
    const { Body } = z.looseObject({ Body: z.instanceof(Readable) }).parse(got);
    expect(await text(Body)).toMatch(/^one: 3 for 30, \d{4}-/);
  });

  it('has what it had after another start', async () => {
    await runtime.close();
    runtime = await startRuntime({ assembly, data, port: 0 });
    await priced('one', 30);
    expect((await ask('/orders', { id: 'two', quantity: 1 })).status).toBe(202);
    await priced('two', 10);
  });

  it('is refused by the name of what does not run here', async () => {
    await expect(runtime.call('s3', 'PutBucketPolicy', {})).rejects.toThrow('s3:PutBucketPolicy');
  });

  it('hears how to choose another folder and port from whoever runs the stack', async () => {
    const again = startRuntime({ assembly, data, port: 0, hints: { data: 'with DATA', port: 'with PORT' } });
    await expect(again).rejects.toThrow('choose another folder with DATA');
    const port = Number(new URL(runtime.endpoint).port);
    const other = { assembly, data: join(folder.path, 'other'), port };
    await expect(startRuntime(other)).rejects.toThrow('choose another, or 0 for a free one');
  });
});

it('the example of local/README.md runs as it is written', async () => {
  const readme = readFileSync(fileURLToPath(new URL('../../local/README.md', import.meta.url)), 'utf8');
  const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const face = new URL('../../local/index.ts', import.meta.url).href;
  const script = join(folder.path, 'example.mts');
  writeFileSync(script, example.replace('./local/index.ts', face));
  const tsx = import.meta.resolve('tsx');
  const { stdout } = await execa(process.execPath, ['--import', tsx, script], { cwd: folder.path });
  expect(stdout).toContain('Orders [');
  expect(stdout).toContain('orders-receipts');
});
