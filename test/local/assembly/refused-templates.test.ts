import { afterAll, describe, expect, it } from 'vitest';
import {
  arnOf,
  one,
  type Properties,
  policy,
  type Resources,
  role,
  services,
  trust,
} from '../../support/local/templates.ts';

const { deploy, close } = services();
afterAll(close);

const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const ofRole = (...statements: Properties[]) =>
  one(
    'AWS::IAM::Policy',
    { PolicyName: 'p', Roles: [{ Ref: 'Role' }], PolicyDocument: policy(...statements) },
    role('lambda.amazonaws.com'),
  );
const QUEUE: Resources = { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } };
const send = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
const ofQueue = (statement: Properties) =>
  one('AWS::SQS::QueuePolicy', { Queues: [{ Ref: 'Queue' }], PolicyDocument: policy(statement) }, QUEUE);
const target = (more: Properties) =>
  one(
    'AWS::Events::Rule',
    { EventPattern: { source: ['a'] }, Targets: [{ Id: 'a', Arn: arnOf('Queue'), ...more }] },
    QUEUE,
  );
const paths = (InputPathsMap: Properties) =>
  target({ InputTransformer: { InputPathsMap, InputTemplate: '"x"' } });
const lifecycle = (...Rules: Properties[]) => one('AWS::S3::Bucket', { LifecycleConfiguration: { Rules } });
const expire = { Status: 'Enabled', ExpirationInDays: 1 };

describe('a template that AWS takes is taken:', () => {
  it.each<[string, Resources]>([
    ['a policy', ofRole(read)],
    ['a queue’s policy', ofQueue(send)],
    ['a target', paths({ a: '$.detail.a' })],
    ['a bucket', lifecycle(expire)],
  ])('%s', async (_, resources) => {
    await expect(deploy(resources)).resolves.toBeDefined();
  });
});

const REFUSED: readonly [string, Resources, RegExp][] = [
  ['both Action and NotAction', ofRole({ ...read, NotAction: 's3:A' }), /Action or NotAction/],
  ['no Action', ofRole({ Effect: 'Allow', Resource: '*' }), /Action or NotAction/],
  ['an empty Action', ofRole({ ...read, Action: [] }), /Action or NotAction/],
  ['no Resource', ofRole({ Effect: 'Allow', Action: 's3:GetObject' }), /Resource or NotResource/],
  ['a Principal in a role’s policy', ofRole({ ...read, Principal: '*' }), /no Principal/],
  ['an action without its service', ofRole({ ...read, Action: 'GetObject' }), /GetObject is no action/],
  ['a resource that is no ARN', ofRole({ ...read, Resource: 'bucket' }), /bucket is no resource/],
  ['two statements of one Sid', ofRole({ ...read, Sid: 'a' }, { ...read, Sid: 'a' }), /one Sid: a, a/],
  ['a Sid with a space', ofRole({ ...read, Sid: 'a b' }), /Sid a b/],
  ['no statement', ofRole(), /one statement at least/],
  [
    'another version',
    one('AWS::IAM::Role', { AssumeRolePolicyDocument: { ...trust('a'), Version: '2020-01-01' } }),
    /Version/,
  ],
  ['a policy of nobody', one('AWS::IAM::Policy', { PolicyDocument: policy(read) }), /of nobody/],
  [
    'a policy of 11,000 characters',
    ofRole({ ...read, Resource: `arn:aws:s3:::${'x'.repeat(11_000)}` }),
    /10240 characters/,
  ],
  [
    'a Resource in a trust',
    one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('a', { Resource: '*' }) }),
    /no Resource/,
  ],
  [
    'another action in a trust',
    one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('a', { Action: 's3:GetObject' }) }),
    /not by s3:GetObject/,
  ],
  [
    'a service that AWS has not in a trust',
    one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('nope.amazonaws.com') }),
    /nope\.amazonaws\.com is no principal/,
  ],
  [
    'a service without its domain in a trust',
    one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda') }),
    /lambda is no principal/,
  ],
  [
    'nobody in a trust',
    one('AWS::IAM::Role', {
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { AWS: 'nobody' },
        Action: 'sts:AssumeRole',
      }),
    }),
    /nobody is no principal/,
  ],
  [
    'a trust of 2,100 characters',
    one('AWS::IAM::Role', {
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com', {
        Condition: { StringEquals: { 'aws:SourceArn': 'x'.repeat(2000) } },
      }),
    }),
    /2048 characters/,
  ],
  [
    'a service that AWS has not in a queue’s policy',
    ofQueue({ ...send, Principal: { Service: 'event.amazonaws.com' } }),
    /event\.amazonaws\.com is no principal/,
  ],
  [
    'no Principal in a queue’s policy',
    ofQueue({ ...send, Principal: undefined }),
    /Principal or NotPrincipal/,
  ],
  ['an action that SQS has not', ofQueue({ ...send, Action: 'sqs:SendMesage' }), /no action sqs:SendMesage/],
  ['eight actions of a queue', ofQueue({ ...send, Action: Array(8).fill('sqs:SendMessage') }), /8 actions/],
  [
    '1,001 receives',
    one(
      'AWS::SQS::Queue',
      { RedrivePolicy: { deadLetterTargetArn: arnOf('Queue'), maxReceiveCount: 1001 } },
      QUEUE,
    ),
    /maxReceiveCount/,
  ],
  [
    'two encryptions of a queue',
    one('AWS::SQS::Queue', { SqsManagedSseEnabled: true, KmsMasterKeyId: 'alias/k' }),
    /exclude each other/,
  ],
  [
    '101 paths of a target',
    paths(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`a${at}`, '$.a']))),
    /100 paths/,
  ],
  ['a path named AWS.', paths({ 'AWS.a': '$.a' }), /AWS\.a/],
  ['a path of 257 characters', paths({ a: `$.${'x'.repeat(255)}` }), /InputPathsMap/],
  ['a bus with a slash', one('AWS::Events::EventBus', { Name: 'a/b' }), /Name/],
  ['a second default bus', one('AWS::Events::EventBus', { Name: 'default' }), /is not default/],
  [
    'anything-but with a caseless prefix',
    one('AWS::Events::Rule', {
      EventPattern: { source: [{ 'anything-but': { prefix: { 'equals-ignore-case': 'a' } } }] },
    }),
    /anything-but prefix/,
  ],
  [
    'a secret twice',
    one('AWS::SecretsManager::Secret', { SecretString: 'a', GenerateSecretString: {} }),
    /exclude each other/,
  ],
  [
    'a key without a template',
    one('AWS::SecretsManager::Secret', { GenerateSecretString: { GenerateStringKey: 'a' } }),
    /go together/,
  ],
  [
    'a parameter that names another',
    one('AWS::SSM::Parameter', { Type: 'String', Value: '{{ssm:a}}' }),
    /no \{\{/,
  ],
  ['a log group of AWS’s', one('AWS::Logs::LogGroup', { LogGroupName: 'aws/a' }), /begin with aws/],
  ['a stream of no group', one('AWS::Logs::LogStream', { LogGroupName: 'nope' }), /no log group nope/],
  ['no life-cycle rule', lifecycle(), /Rules/],
  ['two life-cycle rules of one Id', lifecycle({ ...expire, Id: 'a' }, { ...expire, Id: 'a' }), /one Id/],
  [
    'markers that expire by days',
    lifecycle({ ...expire, ExpiredObjectDeleteMarker: true }),
    /exclude each other/,
  ],
  ['a bucket with a dot beside a hyphen', one('AWS::S3::Bucket', { BucketName: 'a.-b' }), /not a name/],
];

describe('a template that AWS refuses is refused, and told what is wrong:', () => {
  it.each(REFUSED)('%s', async (_, resources, message) => {
    await expect(deploy(resources)).rejects.toThrow(message);
  });
});
