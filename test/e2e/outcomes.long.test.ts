import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { ASSEMBLY, type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const TEMPLATE = 'Hookline.template.json';
const BUILDSPEC = { 'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n' };

let hookline: Hookline;
let repository: Repository;
let commit: string;
const entered = new Set<string>();

beforeAll(async () => {
  hookline = await startHookline();
  repository = await createRepository();
  commit = await repository.commit(BUILDSPEC);
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
});

/** Pushes to the built-in host. @returns the id of the delivery that came of it */
async function push(name: string, ...refspecs: string[]): Promise<string> {
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, ...refspecs);
  const sent = hookline.gitHost.deliveries().slice(before);
  return sent.find(({ event }) => event === 'push')?.id ?? '';
}

const zero = '0'.repeat(40);

/** A push's payload, signed by the built-in host, of what may not be there. */
async function tell(name: string, ref: string, after: string): Promise<string> {
  const [owner = ''] = name.split('/');
  const payload = {
    ref,
    before: zero,
    after,
    created: true,
    deleted: false,
    forced: false,
    commits: [],
    repository: { id: 1, full_name: name, name, owner: { login: owner }, default_branch: 'main' },
    sender: { login: 'test' },
  };
  const { deliveryId, status } = await hookline.deliver('push', payload);
  expect(status).toBe(202);
  return deliveryId;
}

/** The delivery ended so; the states on its way are noted. */
async function expectOutcome(deliveryId: string, outcome: string, error?: string): Promise<void> {
  const [ended] = await hookline.ended(deliveryId);
  for (const state of ended?.states ?? []) entered.add(state);
  expect({ outcome: ended?.outcome, error: ended?.error }).toEqual({ outcome, error });
}

it('a ping ends in Pong', async () => {
  const { status, deliveryId } = await hookline.deliver('ping', { zen: 'Z', hook_id: 1 });
  expect(status).toBe(202);
  await expectOutcome(deliveryId, 'Pong');
});

it('an event that no route takes ends in Ignored', async () => {
  const { deliveryId } = await hookline.deliver('watch', {
    action: 'started',
    repository: { full_name: 'hookline/demo' },
  });
  await expectOutcome(deliveryId, 'Ignored');
});

it('what is not signed ends in Rejected, what is signed and no push in Malformed', async () => {
  const forged = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };
  await expectOutcome((await hookline.deliver('push', {}, forged)).deliveryId, 'Rejected', 'Rejected');
  await expectOutcome((await hookline.deliver('push', {})).deliveryId, 'Malformed', 'Malformed');
});

it('of a host that was just added no delivery is refused, though it was unknown a moment ago', async () => {
  const ping = () =>
    hookline.deliver('ping', { zen: 'Z', hook_id: 1 }, { headers: { 'x-github-enterprise-host': 'new' } });
  // The second finds what the first has read: that is kept for seconds.
  await expectOutcome((await ping()).deliveryId, 'Rejected', 'Rejected');
  await addHost('new');
  await expectOutcome((await ping()).deliveryId, 'Pong');
});

it('a push ends in PipelineStarted, and once more in Duplicate and in Unchanged', async () => {
  const id = await push('hookline/demo', 'HEAD:refs/heads/main');
  await expectOutcome(id, 'PipelineStarted');
  await hookline.gitHost.redeliver(id);
  const outcomes = await hookline.ended(id, 2);
  for (const { states } of outcomes) for (const state of states) entered.add(state);
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['Duplicate', 'PipelineStarted']);
  await expectOutcome(await tell('hookline/demo', 'refs/heads/main', commit), 'Unchanged');
});

it('a push without a pipeline ends in Published, and an older one that is late in Superseded', async () => {
  await expectOutcome(await push('acme/order', 'HEAD:refs/heads/main'), 'Published');
  const older = commit;
  commit = await repository.commit({ 'newer.txt': 'newer\n' });
  await expectOutcome(await push('acme/order', 'HEAD:refs/heads/main'), 'Published');
  await expectOutcome(await tell('acme/order', 'refs/heads/main', older), 'Superseded');
});

it('a deleted branch ends in RefRetired, and a push of it that is late in RefGone', async () => {
  await push('acme/gone', 'HEAD:refs/heads/main');
  await expectOutcome(await push('acme/gone', 'HEAD:refs/heads/topic'), 'Published');
  await expectOutcome(await push('acme/gone', ':refs/heads/topic'), 'RefRetired');
  await expectOutcome(await tell('acme/gone', 'refs/heads/topic', commit), 'RefGone');
});

it('a push of a repository that the host has not ends in PullFailed, by the name of why', async () => {
  await expectOutcome(await tell('acme/never', 'refs/heads/main', commit), 'PullFailed', 'RepositoryMissing');
});

/** Adds a host to the running deployment that signs as the built-in one does. */
async function addHost(name: string): Promise<void> {
  const { outputs, access, secrets } = hookline;
  const ssm = new SSMClient(access);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: outputs.hostsParameter }));
  const hosts = {
    ...JSON.parse(Parameter?.Value ?? ''),
    [name]: { provider: 'github', url: `https://${name}` },
  };
  const Value = JSON.stringify(hosts);
  await ssm.send(new PutParameterCommand({ Name: outputs.hostsParameter, Value, Overwrite: true }));
  ssm.destroy();
  const manager = new SecretsManagerClient(access);
  const SecretId = outputs.webhookSecretArn;
  const { SecretString } = await manager.send(new GetSecretValueCommand({ SecretId }));
  const all = JSON.stringify({ ...JSON.parse(SecretString ?? ''), [name]: secrets.webhookSecret });
  await manager.send(new PutSecretValueCommand({ SecretId, SecretString: all }));
  manager.destroy();
}

/** Has the pulls look for the built-in host where nothing listens. @returns what brings the host back */
async function hostAway(): Promise<() => Promise<void>> {
  const { outputs, access } = hookline;
  const ssm = new SSMClient(access);
  const put = async (Value: string) => {
    await ssm.send(new PutParameterCommand({ Name: outputs.hostsParameter, Value, Overwrite: true }));
  };
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: outputs.hostsParameter }));
  const hosts = z
    .record(z.string(), z.looseObject({ url: z.string() }))
    .parse(JSON.parse(Parameter?.Value ?? ''));
  const away = Object.entries(hosts).map(([name, host]) => [name, { ...host, url: 'http://127.0.0.1:1' }]);
  await put(JSON.stringify(Object.fromEntries(away)));
  return async () => {
    await put(Parameter?.Value ?? '');
    ssm.destroy();
  };
}

/** The running executions, when so many of them rest before they build again. */
async function resting(count: number): Promise<string[]> {
  const { sfn, outputs } = hookline;
  const running = async () => {
    const { stateMachineArn } = outputs;
    const list = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' });
    const arns = ((await sfn.send(list)).executions ?? []).map(({ executionArn = '' }) => executionArn);
    const rests = arns.map(async (executionArn) => {
      const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true }));
      return events?.[0]?.type === 'WaitStateEntered';
    });
    const rest = await Promise.all(rests);
    return arns.filter((_, at) => rest[at]);
  };
  return vi.waitFor(async () => {
    const arns = await running();
    expect(arns).toHaveLength(count);
    return arns;
  });
}

it('a push and a deletion wait for a host that is away, and one that is stopped meanwhile leaves a record', async () => {
  await push('acme/away', 'HEAD:refs/heads/old');
  await hookline.ended(await push('acme/away', 'HEAD:refs/heads/older'));
  const back = await hostAway();
  const stopped = await push('acme/away', 'HEAD:refs/heads/stopped');
  const [executionArn] = await resting(1);
  await hookline.sfn.send(new StopExecutionCommand({ executionArn: executionArn ?? '', error: 'Stopped' }));
  const [pushed, deleted] = [
    await push('acme/away', 'HEAD:refs/heads/new'),
    await push('acme/away', ':refs/heads/old'),
  ];
  await resting(2);
  await back();
  await expectOutcome(pushed, 'Published');
  await expectOutcome(deleted, 'RefRetired');
  const client = new DynamoDBClient(hookline.access);
  const id = `default#localhost#${stopped}#`;
  const get = new GetCommand({ TableName: hookline.outputs.deliveriesTable, Key: { id } });
  await vi.waitFor(async () => {
    const { Item } = await DynamoDBDocumentClient.from(client).send(get);
    expect(Item).toMatchObject({ outcome: 'Stopped', executionArn, ref: 'refs/heads/stopped' });
  });
  client.destroy();
});

it('a ref whose newest artifact is gone ends in PublishFailed', async () => {
  await expectOutcome(await push('acme/lost', 'HEAD:refs/heads/main'), 'Published');
  const [published] = await hookline.ended(await push('acme/lost', 'HEAD:refs/heads/other'));
  const { publish } = z
    .looseObject({ publish: z.looseObject({ pointer: z.string() }) })
    .parse(published?.output);
  const gone = 'a'.repeat(40);
  const client = new DynamoDBClient(hookline.access);
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: hookline.outputs.refsTable,
      Key: { id: publish.pointer },
      UpdateExpression: 'SET published = :published',
      // A later delivery was here, and someone has deleted its artifact since.
      ExpressionAttributeValues: {
        ':published': { token: 1000, commit: gone, key: `commits/localhost/acme/lost/${gone}.zip` },
      },
    }),
  );
  client.destroy();
  const id = await tell('acme/lost', 'refs/heads/other', commit);
  await expectOutcome(id, 'PublishFailed', 'ArtifactMissing');
});

it('what asks for nothing is not pulled where a claim of the release before takes it', async () => {
  await redeploy(async (assembly, template) => {
    await wrapHandler(
      join(assembly, bundleOf(template, 'claim')),
      `async (...call) => ({ ...(await handler(...call)), outcome: 'Claimed' })`,
    );
    return template;
  });
  const { deliveryId } = await hookline.deliver('ping', { zen: 'Z', hook_id: 1 });
  await expectOutcome(deliveryId, 'Ignored');
});

it('a delivery is pulled that a Validate of the release before has read', async () => {
  await redeploy(async (assembly, template) => {
    await wrapHandler(
      join(assembly, bundleOf(template, 'validate')),
      'async (...call) => ({ ...(await handler(...call)), asked: undefined })',
    );
    return template;
  });
  await expectOutcome(await push('acme/lost', 'HEAD:refs/heads/rollback'), 'Published');
});

it('a pipeline that takes no other object ends in PipelineFailed', async () => {
  await redeploy(async (_assembly, template) => {
    const open = '"AllowOverrideForS3ObjectKey":"true"';
    expect(template).toContain(open);
    return template.replace(open, open.replace('true', 'false'));
  });
  const id = await push('hookline/demo', 'HEAD:refs/heads/next');
  await expectOutcome(id, 'PipelineFailed', 'PipelineSource');
});

/** The folder of a function's bundle in the assembly. */
function bundleOf(template: string, name: string): string {
  const resource = z.looseObject({
    Properties: z.looseObject({ Code: z.looseObject({ S3Key: z.string() }) }),
  });
  const { Resources } = z
    .object({ Resources: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(template));
  const [, made] = Object.entries(Resources).find(([id]) => id.startsWith(`Functions${name}Function`)) ?? [];
  return `asset.${resource.parse(made).Properties.Code.S3Key.replace('.zip', '')}`;
}

/** Puts another handler in front of a bundle's, which is `handler` there. */
async function wrapHandler(folder: string, wrapped: string): Promise<void> {
  await rename(join(folder, 'index.mjs'), join(folder, 'wrapped.mjs'));
  await writeFile(
    join(folder, 'index.mjs'),
    `import { handler } from './wrapped.mjs';\nconst outer = ${wrapped};\nexport { outer as handler };\n`,
  );
}

/** Starts the runtime again on a changed copy of the assembly. */
async function redeploy(change: (assembly: string, template: string) => Promise<string>): Promise<void> {
  const assembly = join(hookline.data, 'assembly');
  await rm(assembly, { recursive: true, force: true });
  await cp(ASSEMBLY, assembly, { recursive: true, dereference: true });
  const path = join(assembly, TEMPLATE);
  await writeFile(path, await change(assembly, await readFile(path, 'utf8')));
  const { data } = hookline;
  await hookline.close();
  hookline = await startHookline(data, { assembly });
}

it('so every state of the deployed machine was entered', async () => {
  const { definition = '' } = await hookline.sfn.send(
    new DescribeStateMachineCommand({ stateMachineArn: hookline.outputs.stateMachineArn }),
  );
  const { States } = z
    .looseObject({ States: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(definition));
  expect([...entered].sort()).toEqual(Object.keys(States).sort());
});
