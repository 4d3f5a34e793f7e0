import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchGetBuildsCommand, CodeBuildClient, ListBuildsCommand } from '@aws-sdk/client-codebuild';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { ASSEMBLY, type Hookline, startHookline } from '../support/hookline.ts';
import { type MuteHost, startMuteHost } from '../support/mute-host.ts';

const TEMPLATE = 'Hookline.template.json';
// The machine's, which is by far the longest of all.
const TIMEOUT = /(\\"TimeoutSeconds\\":)(\d{4,})/g;
const SECONDS = 12;

let folder: string;
let hookline: Hookline;
let host: MuteHost;

/** The cloud assembly with a machine that has a few seconds. */
async function withTimeout(assembly: string): Promise<string> {
  await cp(ASSEMBLY, assembly, { recursive: true, dereference: true });
  const file = join(assembly, TEMPLATE);
  const template = await readFile(file, 'utf8');
  const longest = Math.max(...[...template.matchAll(TIMEOUT)].map(([, , seconds]) => Number(seconds)));
  const shorter = template.replaceAll(TIMEOUT, (all, name: string, seconds: string) =>
    Number(seconds) === longest ? `${name}${SECONDS}` : all,
  );
  expect(shorter).not.toBe(template);
  await writeFile(file, shorter);
  return assembly;
}

/** Has the pulls ask the mute host. */
async function hangPulls(): Promise<void> {
  const ssm = new SSMClient(hookline.access);
  const Name = String(hookline.outputs.hostsParameter);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  const hosts = z
    .record(z.string(), z.looseObject({ url: z.string() }))
    .parse(JSON.parse(Parameter?.Value ?? ''));
  const mute = Object.entries(hosts).map(([name, each]) => [name, { ...each, url: host.url }]);
  const Value = JSON.stringify(Object.fromEntries(mute));
  await ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
  ssm.destroy();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-timed-out-'));
  hookline = await startHookline(undefined, { assembly: await withTimeout(join(folder, 'assembly')) });
  host = await startMuteHost(String(hookline.outputs.gitUrl));
  await hangPulls();
});
afterAll(async () => {
  host.close();
  await hookline.remove();
  await rm(folder, { recursive: true, force: true });
});

it('a delivery whose machine runs out of time leaves a record, and its build is stopped (I11)', async () => {
  const { deliveryId } = await hookline.deliver('push', {
    ref: 'refs/heads/main',
    before: '0'.repeat(40),
    after: '1'.repeat(40),
    created: true,
    deleted: false,
    forced: false,
    commits: [],
    repository: {
      id: 1,
      full_name: 'acme/slow',
      name: 'slow',
      owner: { login: 'acme' },
      default_branch: 'main',
    },
    sender: { login: 'test' },
  });
  const [ended] = await hookline.ended(deliveryId);
  expect(ended).toMatchObject({ status: 'TIMED_OUT', states: expect.arrayContaining(['Pull']) });
  const dynamo = new DynamoDBClient(hookline.access);
  const id = `default#localhost#${deliveryId}#`;
  const get = new GetCommand({ TableName: hookline.outputs.deliveriesTable, Key: { id } });
  await vi.waitFor(async () => {
    const { Item } = await DynamoDBDocumentClient.from(dynamo).send(get);
    expect(Item).toMatchObject({
      outcome: 'TimedOut',
      executionArn: ended?.executionArn,
      ref: 'refs/heads/main',
    });
  });
  dynamo.destroy();
  const codebuild = new CodeBuildClient(hookline.access);
  const { ids } = await codebuild.send(new ListBuildsCommand({}));
  await vi.waitFor(async () => {
    const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids }));
    expect(builds.map(({ buildStatus }) => buildStatus)).toEqual(['STOPPED']);
  });
  codebuild.destroy();
});
