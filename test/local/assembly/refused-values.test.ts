import { afterAll, describe, expect, it } from 'vitest';
import {
  ANYBODY,
  arnOf,
  of,
  one,
  type Properties,
  policy,
  type Resources,
  role,
  services,
  TOPIC,
  topicPolicy,
} from '../../support/local/templates.ts';

const { deploy, close } = services();
afterAll(close);

const told = (more: Properties) =>
  one(
    'AWS::SNS::Subscription',
    { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'a@b.example', ...more },
    TOPIC,
  );
const BUCKET: Resources = { Bucket: of('AWS::S3::Bucket') };
const bucketPolicy = (Action: string, Resource: unknown = arnOf('Bucket')) =>
  one(
    'AWS::S3::BucketPolicy',
    { Bucket: { Ref: 'Bucket' }, PolicyDocument: policy({ ...ANYBODY, Effect: 'Deny', Action, Resource }) },
    BUCKET,
  );
const twice = (resources: Resources): Resources => ({ ...resources, Again: resources.It ?? of('') });
const table = (more: Properties) =>
  one('AWS::DynamoDB::Table', {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  });
const may = (Action: string, Resource: string) =>
  one(
    'AWS::IAM::Policy',
    {
      PolicyName: 'p',
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: policy({ Effect: 'Allow', Action, Resource }),
    },
    role('lambda.amazonaws.com'),
  );
const trusting = (Principal: Properties) =>
  one('AWS::IAM::Role', {
    AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }),
  });
const managed = (...names: string[]) =>
  role('lambda.amazonaws.com', { ManagedPolicyArns: names.map((name) => `arn:aws:iam::aws:policy/${name}`) });
const queries = (...Metrics: Properties[]) =>
  one('AWS::CloudWatch::Alarm', {
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    Threshold: 1,
    Metrics,
  });
const metric = (Stat: string) => ({
  Id: 'm',
  MetricStat: { Metric: { Namespace: 'n', MetricName: 'm' }, Period: 60, Stat },
});
const alarm = (more: Properties) =>
  one('AWS::CloudWatch::Alarm', {
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    MetricName: 'm',
    Namespace: 'n',
    Period: 60,
    Statistic: 'Sum',
    Threshold: 1,
    ...more,
  });
const dashboard = (...widgets: unknown[]) =>
  one('AWS::CloudWatch::Dashboard', { DashboardBody: JSON.stringify({ widgets }) });
const group = (...SecurityGroupIngress: Properties[]) =>
  one('AWS::EC2::SecurityGroup', { GroupDescription: 'd', SecurityGroupIngress });
const range = { IpProtocol: 'tcp', FromPort: 1, ToPort: 2, CidrIp: '10.0.0.0/8' };
const secret = (GenerateSecretString: Properties) =>
  one('AWS::SecretsManager::Secret', { GenerateSecretString });
const GROUP: Resources = { Group: of('AWS::Logs::LogGroup') };
const filter = (FilterPattern: string, MetricValue: string) =>
  one(
    'AWS::Logs::MetricFilter',
    {
      LogGroupName: { Ref: 'Group' },
      FilterName: 'f',
      FilterPattern,
      MetricTransformations: [{ MetricName: 'm', MetricNamespace: 'n', MetricValue }],
    },
    GROUP,
  );
const logs = (Action: string, PolicyName = 'p') =>
  of('AWS::Logs::ResourcePolicy', {
    PolicyName,
    PolicyDocument: JSON.stringify(policy({ ...ANYBODY, Action, Resource: '*' })),
  });
const API: Resources = { Api: of('AWS::ApiGateway::RestApi', { Name: 'a' }) };
const ofApi = { RestApiId: { Ref: 'Api' } };
const model = { ...ofApi, Name: 'M', ContentType: 'application/json', Schema: {} };
const method = (MethodResponses: Properties[]) =>
  one(
    'AWS::ApiGateway::Method',
    {
      ...ofApi,
      ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      HttpMethod: 'POST',
      MethodResponses,
      Integration: {
        Type: 'AWS',
        IntegrationHttpMethod: 'POST',
        Uri: 'arn:aws:apigateway:us-east-1:events:action/PutEvents',
      },
    },
    API,
  );
const domain = (more: Properties) =>
  one('AWS::ApiGateway::DomainName', { DomainName: 'a.example.com', ...more });
const ACM = 'arn:aws:acm:us-east-1:000000000000:certificate/a';
const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';

describe('a template that AWS takes is taken:', () => {
  it.each<[string, Resources]>([
    ['a topic’s policy', topicPolicy('sns:Publish')],
    ['a policy on objects', bucketPolicy('s3:GetObject', { 'Fn::Sub': `\${Bucket.Arn}/*` })],
    ['a policy on a bucket', bucketPolicy('s3:ListBucket')],
    ['a key by its id', one('AWS::SQS::Queue', { KmsMasterKeyId: KEY })],
    ['a key by its alias', one('AWS::SNS::Topic', { KmsMasterKeyId: 'alias/aws/sns' })],
    [
      'a key by its ARN',
      one('AWS::Logs::LogGroup', { KmsKeyId: `arn:aws:kms:us-east-1:000000000000:key/${KEY}` }),
    ],
    ['a role to hand on', may('iam:PassRole', 'arn:aws:iam::*:role/*')],
    ['objects of any bucket', may('s3:GetObject', 'arn:aws:s3:::*')],
    [
      'a sum of queries',
      queries(metric('p99'), { Id: 's', Expression: 'IF(m > 1, "x", m)', ReturnData: false }),
    ],
    ['a rule of all traffic', group({ IpProtocol: '-1', CidrIp: '0.0.0.0/0' })],
    ['a field of JSON', filter('{ $.a = 1 }', '$.a')],
    ['a column', filter('[a, b]', '$b')],
    ['a domain', domain({ RegionalCertificateArn: ACM, EndpointConfiguration: { Types: ['REGIONAL'] } })],
  ])('%s', async (_, resources) => {
    await expect(deploy(resources)).resolves.toBeDefined();
  });
});

const REFUSED: readonly [string, Resources, RegExp][] = [
  ['a key that is none', one('AWS::SQS::Queue', { KmsMasterKeyId: 'not a key' }), /no key of KMS/],
  ['a key of a topic that is none', one('AWS::SNS::Topic', { KmsMasterKeyId: 'k' }), /no key of KMS/],
  ['a key of a secret that is none', one('AWS::SecretsManager::Secret', { KmsKeyId: 'k' }), /no key of KMS/],
  ['an alias for a log group', one('AWS::Logs::LogGroup', { KmsKeyId: 'alias/a' }), /no ARN of a key/],
  ['a filter of a subscription', told({ FilterPolicy: { a: 'b' } }), /FilterPolicy/],
  ['a raw message to a person', told({ RawMessageDelivery: true }), /raw message delivery/],
  ['an action of S3 in a topic’s policy', topicPolicy('s3:GetObject'), /out of service scope/],
  ['an action on no topic', topicPolicy('sns:CreateTopic'), /out of service scope/],
  ['an action of SQS in a bucket’s policy', bucketPolicy('sqs:SendMessage'), /invalid action/],
  ['a policy on another bucket', bucketPolicy('s3:GetObject', 'arn:aws:s3:::other/*'), /invalid resource/],
  ['an action on objects for a bucket', bucketPolicy('s3:GetObject'), /does not apply to any resource/],
  [
    'an action on a bucket for objects',
    bucketPolicy('s3:ListBucket', { 'Fn::Sub': `\${Bucket.Arn}/*` }),
    /does not apply to any resource/,
  ],
  ['an action that S3 has not', bucketPolicy('s3:Nope'), /s3:Nope/],
  ['two policies of a bucket', twice(bucketPolicy('s3:ListBucket')), /has the name of It/],
  [
    '101 kept versions',
    one('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          {
            Status: 'Enabled',
            NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 101 },
          },
        ],
      },
    }),
    /NewerNoncurrent/,
  ],
  ['an encryption of nothing', one('AWS::S3::Bucket', { BucketEncryption: {} }), /ServerSideEncryption/],
  [
    'a key of a table that is not encrypted',
    table({ SSESpecification: { SSEEnabled: false, KMSMasterKeyId: KEY } }),
    /SSEEnabled true/,
  ],
  [
    'insights of another mode',
    table({ ContributorInsightsSpecification: { Enabled: true, Mode: 'X' } }),
    /Mode/,
  ],
  [
    'an expiry of 256 letters',
    table({ TimeToLiveSpecification: { Enabled: true, AttributeName: 'x'.repeat(256) } }),
    /AttributeName/,
  ],
  ['half an ARN', may('s3:GetObject', 'arn:aws:s3'), /no resource/],
  ['a partition that AWS has not', may('s3:GetObject', 'arn:foo:s3:::b/*'), /partition/],
  ['a service with a wildcard', may('s3:GetObject', 'arn:aws:s*:::b/*'), /fully qualified/],
  ['a path that IAM has not', may('iam:PassRole', 'arn:aws:iam::000000000000:nope/x'), /path that IAM knows/],
  ['trust in nobody', trusting({}), /names somebody/],
  ['trust in a provider that is none', trusting({ Federated: 'nope' }), /nope is no principal/],
  ['a policy of AWS that is not known', managed('NoSuchPolicy'), /NoSuchPolicy/],
  [
    'eleven managed policies',
    managed(...Array.from({ length: 11 }, () => 'AWSXRayDaemonWriteAccess')),
    /ManagedPolicyArns/,
  ],
  [
    'a query of an Id that is not there',
    queries(metric('Sum'), { Id: 's', Expression: 'm + x', ReturnData: false }),
    /the Id x/,
  ],
  [
    'a query with half a bracket',
    queries(metric('Sum'), { Id: 's', Expression: 'm + (', ReturnData: false }),
    /brackets/,
  ],
  ['a statistic of a query that is none', queries(metric('Nope')), /no statistic/],
  [
    'a band with a threshold',
    alarm({ ComparisonOperator: 'GreaterThanUpperThreshold' }),
    /ThresholdMetricId/,
  ],
  ['samples of no percentile', alarm({ EvaluateLowSampleCountPercentile: 'ignore' }), /percentile/],
  [
    'two dimensions of one name',
    alarm({
      Dimensions: [
        { Name: 'a', Value: '1' },
        { Name: 'a', Value: '2' },
      ],
    }),
    /one Name/,
  ],
  ['a widget of another type', dashboard({ type: 'nope', properties: {} }), /widgets\[0\].type/],
  ['a widget without properties', dashboard({ type: 'text' }), /widgets\[0\].properties/],
  [
    'a widget beside the dashboard',
    dashboard({ type: 'text', x: 24, properties: { markdown: '' } }),
    /widgets\[0\].x/,
  ],
  ['a protocol that is none', group({ ...range, IpProtocol: 'nope' }), /IpProtocol/],
  ['tcp without ports', group({ IpProtocol: 'tcp', CidrIp: '10.0.0.0/8' }), /FromPort/],
  ['ports the other way round', group({ ...range, FromPort: 3 }), /in this order/],
  ['a rule of a group twice', group(range, range), /are the same/],
  ['a password too short for each kind', secret({ PasswordLength: 3 }), /too short/],
  ['4,097 excluded characters', secret({ ExcludeCharacters: 'x'.repeat(4097) }), /ExcludeCharacters/],
  ['a field of no JSON', filter('ERROR', '$.a'), /finds no field/],
  ['a filter twice', twice(filter('ERROR', '1')), /has the name of It/],
  ['an action of S3 in a policy of log groups', { It: logs('s3:GetObject') }, /actions of logs/],
  ['a policy of log groups twice', twice({ It: logs('logs:PutLogEvents') }), /has the name of It/],
  ['two responses of one status', method([{ StatusCode: '200' }, { StatusCode: '200' }]), /two responses/],
  [
    'a response of no model',
    method([{ StatusCode: '200', ResponseModels: { 'application/json': 'Nope' } }]),
    /model Nope/,
  ],
  ['a method twice', twice(method([{ StatusCode: '200' }])), /has the name of It/],
  ['a model twice', twice(one('AWS::ApiGateway::Model', model, API)), /has the name of It/],
  [
    'a stage twice',
    twice(one('AWS::ApiGateway::Stage', { ...ofApi, StageName: 's', DeploymentId: 'd' }, API)),
    /has the name of It/,
  ],
  [
    'a stage of no deployment',
    one('AWS::ApiGateway::Stage', { ...ofApi, StageName: 's' }, API),
    /DeploymentId/,
  ],
  [
    'a model of no type',
    one('AWS::ApiGateway::Model', { ...model, ContentType: undefined }, API),
    /ContentType/,
  ],
  ['a domain without a certificate', domain({}), /CertificateArn/],
  [
    'a certificate of another type',
    domain({ RegionalCertificateArn: ACM, EndpointConfiguration: { Types: ['EDGE'] } }),
    /CertificateArn/,
  ],
  [
    'a mapping of no domain',
    one('AWS::ApiGateway::BasePathMapping', { DomainName: 'no.example.com', ...ofApi }, API),
    /no stack makes/,
  ],
  [
    'an archive of a bus by its name',
    one('AWS::Events::Archive', { SourceArn: 'default' }),
    /no ARN of a bus/,
  ],
  [
    'a bus told of at length',
    one('AWS::Events::EventBus', { Name: 'b', Description: 'x'.repeat(513) }),
    /Description/,
  ],
];

describe('a template that AWS refuses is refused, and told what is wrong:', () => {
  it.each(REFUSED)('%s', async (_, resources, message) => {
    await expect(deploy(resources)).rejects.toThrow(message);
  });
});

it('an eleventh policy of log groups, and inline policies of over 10,240 characters together, are refused', async () => {
  const eleven = Array.from({ length: 11 }, (_, at) => [`P${at}`, logs('logs:PutLogEvents', `p${at}`)]);
  await expect(deploy(Object.fromEntries(eleven))).rejects.toThrow('10 policies of log groups');
  const large = (PolicyName: string) => ({
    PolicyName,
    PolicyDocument: policy({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${'x'.repeat(6000)}`,
    }),
  });
  await expect(deploy(role('lambda.amazonaws.com', { Policies: [large('a'), large('b')] }))).rejects.toThrow(
    'and may have 10240',
  );
});
