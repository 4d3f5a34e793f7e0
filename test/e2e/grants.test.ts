import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { startRuntime } from '../../local/index.ts';
import { ASSEMBLY, type Hookline, startHookline } from '../support/hookline.ts';

const TEMPLATE = 'Hookline.template.json';
const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      DependsOn: z.array(z.string()).optional(),
      Properties: z.looseObject({ PolicyDocument: z.unknown().optional() }).optional(),
    }),
  ),
});
// That of CloudWatch Logs is a text.
const documentSchema = z.looseObject({
  Statement: z.array(z.looseObject({ Effect: z.string(), Action: z.unknown() })),
});
const NOBODY = { StringEquals: { 'aws:PrincipalArn': 'nobody' } };
type Statement = { Effect: string; Action?: unknown };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-grants-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The cloud assembly without the statements that allow this to policies of this type. */
async function without(type: string, taken: (statement: Statement) => boolean): Promise<string> {
  const copy = await mkdtemp(join(folder, 'assembly-'));
  await cp(ASSEMBLY, copy, { recursive: true, dereference: true });
  const file = join(copy, TEMPLATE);
  const template = templateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  let count = 0;
  for (const { Type, Properties } of Object.values(template.Resources)) {
    const { data: document } = documentSchema.safeParse(Properties?.PolicyDocument);
    if (Type !== type || !Properties || !document) continue;
    const isTaken = (each: Statement) => each.Effect === 'Allow' && taken(each);
    count += document.Statement.filter(isTaken).length;
    // A policy has one statement at least: this one lets nobody.
    const Statement = document.Statement.map((each) =>
      isTaken(each) ? { ...each, Condition: NOBODY } : each,
    );
    Properties.PolicyDocument = { ...document, Statement };
  }
  expect(count).toBeGreaterThan(0);
  await writeFile(file, JSON.stringify(template));
  return copy;
}

/** The cloud assembly without the policy by which rules write to the log of deliveries. */
async function withoutLogPolicy(): Promise<string> {
  const copy = await mkdtemp(join(folder, 'assembly-'));
  await cp(ASSEMBLY, copy, { recursive: true, dereference: true });
  const file = join(copy, TEMPLATE);
  const template = templateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const [policy = ''] = Object.keys(template.Resources).filter(
    (name) => template.Resources[name]?.Type === 'AWS::Logs::ResourcePolicy',
  );
  delete template.Resources[policy];
  for (const resource of Object.values(template.Resources))
    resource.DependsOn = resource.DependsOn?.filter((name) => name !== policy);
  await writeFile(file, JSON.stringify(template));
  return copy;
}

const allows = (action: string) => (statement: Statement) => [statement.Action].flat().includes(action);

describe('a statement that is taken away', () => {
  let hookline: Hookline | undefined;
  const start = async (assembly: string): Promise<Hookline> => {
    hookline = await startHookline(undefined, { assembly });
    return hookline;
  };
  const end = async (): Promise<void> => {
    await hookline?.remove();
    hookline = undefined;
  };

  it('of the overflow queue loses what is too large for the machine, and the terminal says so', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { deliver, ended } = await start(await without('AWS::SQS::QueuePolicy', allows('sqs:SendMessage')));
    const { status, deliveryId } = await deliver('ping', {
      zen: 'x',
      hook_id: 1,
      padding: 'x'.repeat(400_000),
    });
    expect(status).toBe(202);
    const lines = () => said.mock.calls.map(([line]) => String(line)).join('');
    await vi.waitFor(() => expect(lines()).toContain('the event is lost'));
    expect(lines()).toContain('events.amazonaws.com is not authorized to perform sqs:SendMessage');
    expect(await ended(deliveryId, 0)).toEqual([]);
    said.mockRestore();
    await end();
  });

  it('of the log of deliveries leaves a delivery without its line, and the terminal says so (I11)', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { deliver, ended, access, outputs } = await start(await withoutLogPolicy());
    const { deliveryId } = await deliver('ping', { zen: 'x', hook_id: 1 });
    expect(await ended(deliveryId)).toMatchObject([{ outcome: 'Pong' }]);
    const lines = () => said.mock.calls.map(([line]) => String(line)).join('');
    await vi.waitFor(() => expect(lines()).toMatch(/rule log-every-delivery .*the event is lost/));
    expect(lines()).toContain('events.amazonaws.com is not authorized to perform logs:');
    const logs = new CloudWatchLogsClient(access);
    const logGroupName = outputs.deliveryLog;
    expect((await logs.send(new FilterLogEventsCommand({ logGroupName }))).events).toEqual([]);
    logs.destroy();
    said.mockRestore();
    await end();
  });

  it('of a role denies the call, and the door does not answer that it took the delivery', async () => {
    const { deliver } = await start(await without('AWS::IAM::Policy', allows('events:PutEvents')));
    const { status } = await deliver('ping', { zen: 'x', hook_id: 1 });
    expect(status).toBeGreaterThanOrEqual(500);
    await end();
  });
});

it('the administrator overwrites no artifact, and assumes no role of a service', async () => {
  const { access, outputs, runtime, remove } = await startHookline();
  const s3 = new S3Client({ ...access, forcePathStyle: true });
  const sts = new STSClient(access);
  const commit = { Bucket: outputs.bucket, Key: 'commits/git/acme/website/0.zip', Body: 'first' };
  await s3.send(new PutObjectCommand({ ...commit, IfNoneMatch: '*' }));
  await expect(s3.send(new PutObjectCommand({ ...commit, Body: 'second' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('a policy of the template denies it'),
  });
  const resources = runtime.stacks.flatMap((stack) => stack.resources);
  const roles = resources.flatMap(({ type, attributes }) =>
    type === 'AWS::IAM::Role' ? [attributes?.Arn] : [],
  );
  expect(roles.length).toBeGreaterThan(10);
  for (const RoleArn of roles)
    await expect(
      sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' })),
      RoleArn,
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  s3.destroy();
  sts.destroy();
  await remove();
});

it('a key that is not of the state folder is answered by nobody', async () => {
  const runtime = await startRuntime({ assembly: ASSEMBLY, data: join(folder, 'data'), port: 0 });
  const headers = {
    'x-amz-target': 'secretsmanager.ListSecrets',
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0',
  };
  const answer = await fetch(runtime.endpoint, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ __type: 'UnrecognizedClientException' });
  await runtime.close();
});
