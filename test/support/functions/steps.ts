import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import { AwsError } from '../../../local/core/aws-error.ts';
import type { Service } from '../../../local/core/cloud.ts';
import { perform } from '../../../local/core/gate.ts';
import { codePipelineService } from '../../../local/services/codepipeline/index.ts';
import { dynamoDbService } from '../../../local/services/dynamodb/index.ts';
import { s3Service } from '../../../local/services/s3/index.ts';
import {
  administrator,
  type FakeOperation,
  fakeCloud,
  fakeService,
  make,
  serve,
  temporaryFolder,
} from '../../../local/testing.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { FakeCodeBuild } from '../local/codepipeline-fakes.ts';
import { memoryStore } from '../memory-store.ts';

/** What CodePipeline is asked to start. */
export interface StartOfPipeline {
  readonly pipeline: string;
  readonly key: string;
  readonly versionId: string;
  readonly clientRequestToken: string;
  /** undefined where the call has none */
  readonly variables: readonly { readonly name: string; readonly value: string }[] | undefined;
}

/** What the steps after the pull talk to: real S3 and DynamoDB of the runtime, and a CodePipeline that keeps a list. */
export interface Steps {
  /** the builds of real pipelines */
  readonly codebuild: FakeCodeBuild;
  /** the commits that pipelines were started on, in their order */
  readonly started: string[];
  /** is told of each call that starts a pipeline, and may throw */
  onStart: (start: StartOfPipeline) => void;
  /** what DescribeExecution answers, by ARN; an execution that is not here does not exist */
  readonly executions: Map<string, string>;
  /** what DescribeExecution answers besides, by ARN */
  readonly described: Map<string, object>;
  pipeline: unknown;
  /** what ListActionExecutions answers */
  actions: readonly object[];
  /** the events that were put on the bus */
  readonly results: z.infer<typeof resultsSchema>['Entries'];
  /** the parameter of hosts, each with a token; without it, no commit status can be written */
  hosts: object | undefined;
  /** the App of each host, in place of its token */
  apps: object | undefined;
  /** by host, in place of a token for each */
  credentials: object | undefined;
  webhookSecrets: object;
  /** the executions of the machine that were started */
  readonly executed: { readonly name: string; readonly input: string }[];
  /** the error with which Step Functions starts nothing for now */
  refusesToExecute: string | undefined;
  /** the error with which CodePipeline starts nothing for now */
  refusesToStart: { name: string; status: number } | undefined;
  /** calls a service without HTTP. Throws `AwsError` */
  call(service: string, operation: string, input: object): Promise<unknown>;
  putArtifact(commit: string): Promise<{ key: string; versionId: string }>;
  /** the commit that the pointer of this state shows; `""` when there is none */
  pointerCommit(state: Pulled): Promise<string>;
  /** the commit that an object shows; `""` when there is none */
  objectCommit(key: string): Promise<string>;
  record(table: 'deliveries' | 'refs', id: string): Promise<Record<string, unknown> | undefined>;
  close(): Promise<void>;
}

const BUCKET = 'artifacts';
const CALL = { principal: administrator, requestId: 'test' };

const json = z.string().transform((text) => z.looseObject({}).parse(JSON.parse(text)));
const resultsSchema = z.object({
  Entries: z.array(
    z.object({ EventBusName: z.string(), Source: z.string(), DetailType: z.string(), Detail: json }),
  ),
});

/**
 * @param realPipelines the runtime's own CodePipeline, in place of one that keeps a list
 * @param inMemory keeps nothing on disk: several times as fast
 */
export async function startSteps({ realPipelines = false, inMemory = false } = {}): Promise<Steps> {
  const folder = temporaryFolder();
  const cloud = fakeCloud(folder.path, {}, inMemory ? memoryStore(folder.path) : undefined);
  const services = [cloud.add(s3Service(cloud)), cloud.add(dynamoDbService(cloud))] as const;
  await makeResources(services);
  const started: string[] = [];
  const executions = new Map<string, string>();
  const described = new Map<string, object>();
  const fakes: Record<string, Record<string, FakeOperation>> = {
    codepipeline: {
      GetPipeline: () => ({ pipeline: steps.pipeline }),
      ListActionExecutions: () => ({ actionExecutionDetails: steps.actions }),
      StartPipelineExecution: (input) => {
        const { name, sourceRevisions, clientRequestToken, variables } = input as {
          name: string;
          clientRequestToken: string;
          variables: StartOfPipeline['variables'];
          sourceRevisions: { revisionType: string; revisionValue: string }[];
        };
        const revision = (type: string): string =>
          sourceRevisions.find((each) => each.revisionType === type)?.revisionValue ?? '';
        const key = revision('S3_OBJECT_KEY');
        const versionId = revision('S3_OBJECT_VERSION_ID');
        steps.onStart({ pipeline: name, key, versionId, clientRequestToken, variables });
        const refused = steps.refusesToStart;
        if (refused) throw new AwsError(refused.name, 'not now', refused.status);
        started.push(key);
        return { pipelineExecutionId: `execution-${started.length}` };
      },
    },
    events: {
      PutEvents: (input) => {
        steps.results.push(...resultsSchema.parse(input).Entries);
        return { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] };
      },
    },
    ssm: {
      GetParameter: (input) => {
        const { Name } = input as { Name: string };
        if (!steps.hosts || Name !== process.env.HOSTS_PARAMETER)
          throw new AwsError('ParameterNotFound', 'no hosts');
        return { Parameter: { Value: JSON.stringify(steps.hosts) } };
      },
    },
    secretsmanager: {
      GetSecretValue: (input) => {
        const { SecretId } = input as { SecretId: string };
        if (SecretId === 'webhooks') return { SecretString: JSON.stringify(steps.webhookSecrets) };
        if (SecretId === 'apps') return { SecretString: JSON.stringify(steps.apps) };
        const value = steps.apps ? { app: true } : { token: 'token' };
        const names = Object.keys(steps.hosts ?? {});
        const all = steps.credentials ?? Object.fromEntries(names.map((name) => [name, value]));
        return { SecretString: JSON.stringify(all) };
      },
    },
    states: {
      StartExecution: (input) => {
        const { stateMachineArn, ...execution } = input as {
          stateMachineArn: string;
          name: string;
          input: string;
        };
        const { refusesToExecute: refused } = steps;
        if (refused) throw new AwsError(refused, 'not now');
        steps.executed.push(execution);
        return { executionArn: `${stateMachineArn}:${execution.name}`, startDate: 0 };
      },
      DescribeExecution: (input) => {
        const { executionArn } = input as { executionArn: string };
        const status = executions.get(executionArn);
        if (!status) throw new AwsError('ExecutionDoesNotExist', `no execution ${executionArn}`);
        return { executionArn, status, ...described.get(executionArn) };
      },
    },
  };
  const pipelines = realPipelines ? [cloud.add(codePipelineService(cloud))] : [];
  const codebuild = new FakeCodeBuild();
  if (realPipelines) {
    cloud.add(codebuild.service());
    delete fakes.codepipeline;
  }
  const all = [
    ...services,
    ...pipelines,
    ...Object.entries(fakes).map(([name, operations]) => fakeService(name, operations)),
  ];
  const served = await serve(all);
  const { endpoint } = served;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    ARTIFACT_BUCKET: BUCKET,
    REFS_TABLE: 'refs',
    DELIVERIES_TABLE: 'deliveries',
    IDEMPOTENCY_TABLE: 'idempotency',
    HOSTS_PARAMETER: 'hosts',
    STATUS_CONTEXT: 'hookline',
    APPS_SECRET_ARN: 'apps',
    WEBHOOK_SECRET_ARN: 'webhooks',
    BUS_NAME: 'hookline',
    PIPELINE_OWNER: 'hookline',
  });
  const s3 = new S3Client({ forcePathStyle: true });
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient());
  const source = { S3Bucket: BUCKET, AllowOverrideForS3ObjectKey: 'true' };
  const action = {
    name: 'Artifact',
    actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
  };
  const steps: Steps = {
    codebuild,
    started,
    executions,
    described,
    onStart: () => {},
    refusesToStart: undefined,
    hosts: undefined,
    apps: undefined,
    credentials: undefined,
    webhookSecrets: { 'github.com': 'secret' },
    executed: [],
    refusesToExecute: undefined,
    results: [],
    actions: [],
    pipeline: {
      name: 'deploy',
      stages: [{ name: 'Source', actions: [{ ...action, configuration: source }] }],
    },
    call: async (name, operation, input) => {
      const service = all.find((each) => each.name === name);
      if (!service) throw new Error(`the steps have no ${name}: add it`);
      return perform(service, operation, input, CALL);
    },
    putArtifact: async (commit) => {
      const key = `commits/${commit}.zip`;
      const { VersionId } = await s3.send(
        new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: commit, Metadata: { commit } }),
      );
      return { key, versionId: VersionId ?? '' };
    },
    pointerCommit: (state) => steps.objectCommit(pointerOf(state)),
    objectCommit: async (Key) => {
      const found = await s3
        .send(new GetObjectCommand({ Bucket: BUCKET, Key }))
        .catch((error: Error) => (error.name === 'NoSuchKey' ? undefined : Promise.reject(error)));
      return (await found?.Body?.transformToString()) ?? '';
    },
    record: async (TableName, id) =>
      (await dynamo.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }))).Item,
    close: async () => {
      s3.destroy();
      dynamo.destroy();
      await served.close();
      await cloud.close();
      folder.remove();
    },
  };
  return steps;
}

async function makeResources([s3, dynamo]: readonly [Service, Service]): Promise<void> {
  const bucket = { BucketName: BUCKET, VersioningConfiguration: { Status: 'Enabled' } };
  await make(s3, 'AWS::S3::Bucket', bucket);
  for (const TableName of ['refs', 'deliveries', 'idempotency'])
    await make(dynamo, 'AWS::DynamoDB::Table', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    });
  await s3.start?.();
  await dynamo.start?.();
}

/** A request of a fork that was just opened, as a delivery tells of it. @param commit that of its head */
export const openedRequest = (commit: string): NonNullable<Pulled['delivery']['pullRequest']> => ({
  ...{ number: 7, action: 'opened', draft: false, merged: false, fork: true },
  head: { ref: 'topic', commit },
  base: 'main',
});

/** A state as the machine hands it on after a pull of `commit`, when the host had `tip` at the ref. */
export function pulledState(
  ref: string,
  pull: Partial<Pulled['pull']>,
  rule: Partial<Pulled['rule']> = {},
): Pulled {
  return {
    values: {},
    reason: '',
    asked: { values: [] },
    delivery: {
      provider: 'github',
      host: 'github.com',
      id: 'd-1',
      event: 'push',
      repository: { fullName: 'acme/app' },
      ref,
      commit: pull.commit === '' ? undefined : pull.commit,
    },
    rule: {
      name: 'default',
      pull: { submodules: false, lfs: false, git: false, compute: 'lambda' },
      pipeline: { name: 'deploy', variables: {} },
      status: false,
      superseded: 'stop',
      ...rule,
    },
    route: 'pull',
    replayName: '',
    time: '2026-01-01T00:00:00Z',
    key: 'default#github.com#d-1#',
    pull: {
      outcome: 'pulled',
      token: 1,
      commit: '',
      tip: '',
      key: '',
      versionId: '',
      tipKey: '',
      bytes: '1',
      content: '',
      reason: '',
      subject: '',
      message: '',
      author: '',
      time: '',
      files: '',
      changed: '',
      ...pull,
    },
  };
}
