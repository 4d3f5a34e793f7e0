import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { BatchGetBuildsCommand, CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { CodePipelineClient, GetPipelineStateCommand } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policiesOf } from '../../../local/core/iam/policies.ts';
import { createServer } from '../../../local/http/server.ts';
import { cloudFormationService } from '../../../local/services/cloudformation/index.ts';
import { servicesOf } from '../../../local/services/index.ts';
import { fakeCloud, temporaryFolder } from '../../../local/testing.ts';

const ROLE = 'arn:aws:iam::000000000000:role/worker';
const OTHER = 'arn:aws:iam::000000000000:role/other';
const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
const SECRET = arn('secretsmanager', 'secret:s-AbCdEf');
const MACHINE = arn('states', 'stateMachine:m');
const EXECUTION = arn('states', 'execution:m:e');

const folder = temporaryFolder();
const warnings: string[] = [];
let options: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
};
let close: () => Promise<void>;

beforeAll(async () => {
  const cloud = fakeCloud(folder.path);
  const policies = policiesOf((message) => warnings.push(message));
  policies.trust(ROLE, []);
  policies.trust(OTHER, []);
  const services = [
    ...servicesOf(cloud),
    cloudFormationService(
      () => [],
      () => '',
    ),
  ];
  const app = createServer({
    services: () => services,
    authenticate: async () => ({ arn: ROLE, accessKeyId: 'ASIA' }),
    guards: { check: policies.check },
    ready: Promise.resolve(),
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
  options = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  close = async () => {
    await app.close();
    for (const service of services) await service.stop?.();
    await cloud.close();
    folder.remove();
  };
});
afterAll(() => close());

type Row = [action: string, resource: string, call: () => Promise<unknown>, name: string, status: number];
const JSON_NAME = 'AccessDeniedException';

/** Each call in its service's own shape: what AWS's SDK makes of it, and the HTTP status. */
const ROWS: Row[] = [
  [
    'dynamodb:GetItem',
    arn('dynamodb', 'table/t'),
    () => new DynamoDBClient(options).send(new GetItemCommand({ TableName: 't', Key: { id: { S: 'a' } } })),
    JSON_NAME,
    400,
  ],
  [
    'dynamodb:Query',
    arn('dynamodb', 'table/t/index/i'),
    () =>
      new DynamoDBClient(options).send(
        new QueryCommand({
          TableName: 't',
          IndexName: 'i',
          KeyConditionExpression: 'id = :a',
          ExpressionAttributeValues: { ':a': { S: 'a' } },
        }),
      ),
    JSON_NAME,
    400,
  ],
  [
    'secretsmanager:GetSecretValue',
    SECRET,
    () => new SecretsManagerClient(options).send(new GetSecretValueCommand({ SecretId: SECRET })),
    JSON_NAME,
    400,
  ],
  [
    'secretsmanager:PutSecretValue',
    SECRET,
    () =>
      new SecretsManagerClient(options).send(
        new PutSecretValueCommand({ SecretId: SECRET, SecretString: 'x' }),
      ),
    JSON_NAME,
    400,
  ],
  [
    'ssm:GetParameters',
    arn('ssm', 'parameter/a/b'),
    () => new SSMClient(options).send(new GetParametersCommand({ Names: ['/a/b'] })),
    JSON_NAME,
    400,
  ],
  [
    'states:StartExecution',
    MACHINE,
    () => new SFNClient(options).send(new StartExecutionCommand({ stateMachineArn: MACHINE })),
    JSON_NAME,
    400,
  ],
  [
    'states:StopExecution',
    EXECUTION,
    () => new SFNClient(options).send(new StopExecutionCommand({ executionArn: EXECUTION })),
    JSON_NAME,
    400,
  ],
  [
    'codebuild:StartBuild',
    arn('codebuild', 'project/p'),
    () => new CodeBuildClient(options).send(new StartBuildCommand({ projectName: 'p' })),
    JSON_NAME,
    400,
  ],
  [
    'codebuild:BatchGetBuilds',
    arn('codebuild', 'project/p'),
    () => new CodeBuildClient(options).send(new BatchGetBuildsCommand({ ids: ['p:1'] })),
    JSON_NAME,
    400,
  ],
  [
    'codepipeline:GetPipelineState',
    arn('codepipeline', 'p'),
    () => new CodePipelineClient(options).send(new GetPipelineStateCommand({ name: 'p' })),
    JSON_NAME,
    400,
  ],
  [
    'events:PutEvents',
    arn('events', 'event-bus/b'),
    () =>
      new EventBridgeClient(options).send(
        new PutEventsCommand({
          Entries: [{ EventBusName: 'b', Source: 's', DetailType: 't', Detail: '{}' }],
        }),
      ),
    JSON_NAME,
    400,
  ],
  [
    'events:PutTargets',
    arn('events', 'rule/b/r'),
    () =>
      new EventBridgeClient(options).send(
        new PutTargetsCommand({ EventBusName: 'b', Rule: 'r', Targets: [{ Id: 'a', Arn: arn('sqs', 'q') }] }),
      ),
    JSON_NAME,
    400,
  ],
  [
    'logs:FilterLogEvents',
    arn('logs', 'log-group:g:log-stream:'),
    () => new CloudWatchLogsClient(options).send(new FilterLogEventsCommand({ logGroupName: 'g' })),
    JSON_NAME,
    400,
  ],
  [
    'lambda:InvokeFunction',
    arn('lambda', 'function:f'),
    () => new LambdaClient(options).send(new InvokeCommand({ FunctionName: 'f' })),
    JSON_NAME,
    403,
  ],
  [
    'sqs:SendMessage',
    arn('sqs', 'q'),
    () =>
      new SQSClient(options).send(
        new SendMessageCommand({ QueueUrl: `${options.endpoint}/000000000000/q`, MessageBody: 'm' }),
      ),
    'AccessDenied',
    403,
  ],
  [
    'sns:Publish',
    arn('sns', 't'),
    () => new SNSClient(options).send(new PublishCommand({ TopicArn: arn('sns', 't'), Message: 'm' })),
    'AuthorizationErrorException',
    403,
  ],
  [
    's3:GetObject',
    'arn:aws:s3:::b/k',
    () =>
      new S3Client({ ...options, forcePathStyle: true }).send(
        new GetObjectCommand({ Bucket: 'b', Key: 'k' }),
      ),
    'AccessDenied',
    403,
  ],
  [
    'sts:AssumeRole',
    OTHER,
    () => new STSClient(options).send(new AssumeRoleCommand({ RoleArn: OTHER, RoleSessionName: 'me' })),
    'AccessDenied',
    403,
  ],
  [
    'cloudformation:DescribeStacks',
    '*',
    () => new CloudFormationClient(options).send(new DescribeStacksCommand({})),
    'AccessDenied',
    403,
  ],
];

describe('a call that no policy allows is answered as its service does, and the terminal hears of it:', () => {
  it.each(ROWS)('%s on %s', async (action, resource, call, name, status) => {
    const message = `${ROLE} is not authorized to perform ${action} on ${resource}: no policy of the template allows it`;
    await expect(call()).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode: status } });
    expect(warnings).toContain(message);
  });
});
