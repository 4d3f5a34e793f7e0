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

const tags = (...names: string[]) => names.map((Key) => ({ Key, Value: 'v' }));
const bucket = (more: Properties) => one('AWS::S3::Bucket', more);
const encrypted = (ServerSideEncryptionByDefault: Properties) =>
  bucket({ BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] } });
const queue = (more: Properties) => one('AWS::SQS::Queue', more);
const ofRole = (more: Properties) =>
  one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), ...more });
const read = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
const ofPolicy = (more: Properties) =>
  one(
    'AWS::IAM::Policy',
    { PolicyName: 'p', Roles: [{ Ref: 'Role' }], PolicyDocument: read, ...more },
    role('lambda.amazonaws.com'),
  );
const inVpc = { SubnetIds: ['s'], SecurityGroupIds: ['g'] };
const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
const fn = (more: Properties, allowed = [allow('ec2:*'), allow('xray:*')]) =>
  one(
    'AWS::Lambda::Function',
    {
      Code: { ZipFile: 'exports.handler = async () => 1' },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: arnOf('Role'),
      ...more,
    },
    role('lambda.amazonaws.com', { Policies: [{ PolicyName: 'p', PolicyDocument: policy(...allowed) }] }),
  );
const project = (more: Properties, environment: Properties = {}, allowed = [allow('ec2:*')]) =>
  one(
    'AWS::CodeBuild::Project',
    {
      ServiceRole: arnOf('Role'),
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Source: { Type: 'NO_SOURCE', BuildSpec: 'version: 0.2' },
      Environment: {
        Type: 'LINUX_CONTAINER',
        ComputeType: 'BUILD_GENERAL1_SMALL',
        Image: 'aws/codebuild/standard:7.0',
        ...environment,
      },
      ...more,
    },
    role('codebuild.amazonaws.com', {
      Policies: [{ PolicyName: 'p', PolicyDocument: policy(...allowed) }],
    }),
  );
const table = (more: Properties) =>
  one('AWS::DynamoDB::Table', {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
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
const domain = (more: Properties) =>
  one('AWS::ApiGateway::DomainName', {
    DomainName: 'a.example.com',
    CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/a',
    ...more,
  });
const api = (more: Properties) => one('AWS::ApiGateway::RestApi', { Name: 'a', ...more });
const API: Resources = { Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'a' } } };
const stage = (more: Properties) =>
  one(
    'AWS::ApiGateway::Stage',
    { RestApiId: { Ref: 'Api' }, StageName: 's', DeploymentId: { Ref: 'Deployment' }, ...more },
    {
      ...API,
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          RestApiId: { Ref: 'Api' },
          ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
          HttpMethod: 'POST',
          MethodResponses: [{ StatusCode: '200' }],
          Integration: {
            Type: 'AWS',
            IntegrationHttpMethod: 'POST',
            Uri: 'arn:aws:apigateway:us-east-1:events:action/PutEvents',
          },
        },
      },
      Deployment: {
        Type: 'AWS::ApiGateway::Deployment',
        Properties: { RestApiId: { Ref: 'Api' } },
        DependsOn: 'Method',
      },
    },
  );
const GROUP: Resources = { Group: { Type: 'AWS::Logs::LogGroup', Properties: {} } };
const logged = (Format: string): Resources => ({
  ...GROUP,
  ...stage({ AccessLogSetting: { DestinationArn: arnOf('Group'), Format } }),
});
const settings = (more: Properties) =>
  stage({ MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', ...more }] });

describe('a template that AWS takes is taken:', () => {
  it.each<[string, Resources]>([
    ['a bucket', encrypted({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/k' })],
    ['a role', ofRole({ Path: '/teams/a/', MaxSessionDuration: 3600, Tags: tags('a', 'b') })],
    ['a policy', ofPolicy({})],
    ['a function', fn({ Architectures: ['arm64'], TracingConfig: { Mode: 'Active' }, VpcConfig: inVpc })],
    ['a project', project({ VpcConfig: { VpcId: 'v', Subnets: ['s'], SecurityGroupIds: ['g'] } })],
    ['a table', table({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
    ['an alarm', alarm({ Unit: 'Bytes/Second' })],
    ['a domain', domain({ SecurityPolicy: 'TLS_1_2' })],
    ['a stage', logged('{"id":"$context.requestId"}')],
    ['an API', api({ EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-1'] } })],
  ])('%s', async (_, resources) => {
    await expect(deploy(resources)).resolves.toBeDefined();
  });
});

const REFUSED: readonly [string, Resources, RegExp][] = [
  ['two tags of one key', queue({ Tags: tags('a', 'a') }), /one Key/],
  ['a tag of AWS', queue({ Tags: tags('aws:a') }), /begins with aws:/],
  ['51 tags', queue({ Tags: tags(...Array.from({ length: 51 }, (_, at) => `t${at}`)) }), /Tags/],
  ['a tag without a value', queue({ Tags: [{ Key: 'a' }] }), /Tags/],
  ['a key for data of a day and more', queue({ KmsDataKeyReusePeriodSeconds: 90_000 }), /KmsDataKey/],
  ['a cipher that S3 has not', encrypted({ SSEAlgorithm: 'DES' }), /SSEAlgorithm/],
  ['a key for AES256', encrypted({ SSEAlgorithm: 'AES256', KMSMasterKeyID: 'alias/k' }), /goes with aws:kms/],
  [
    'a log bucket that is not there',
    bucket({ LoggingConfiguration: { DestinationBucketName: 'no' } }),
    /no stack makes/,
  ],
  [
    'an owner that is none',
    bucket({ OwnershipControls: { Rules: [{ ObjectOwnership: 'Me' }] } }),
    /ObjectOwnership/,
  ],
  [
    'a block that is neither on nor off',
    bucket({ PublicAccessBlockConfiguration: { BlockPublicAcls: 'maybe' } }),
    /BlockPublicAcls/,
  ],
  ['a session of a minute', ofRole({ MaxSessionDuration: 60 }), /MaxSessionDuration/],
  ['a path without its slash', ofRole({ Path: '/teams' }), /a slash/],
  ['a boundary that is no policy', ofRole({ PermissionsBoundary: 'boundary' }), /no ARN of a policy/],
  [
    'two inline policies of one name',
    ofRole({ Policies: [1, 2].map(() => ({ PolicyName: 'p', PolicyDocument: read })) }),
    /one PolicyName/,
  ],
  ['a policy’s name with a space', ofPolicy({ PolicyName: 'a b' }), /PolicyName/],
  ['a user that no stack makes', ofPolicy({ Users: ['u'] }), /Users/],
  ['a group that no stack makes', ofPolicy({ Groups: ['g'] }), /Groups/],
  ['a processor that Lambda has not', fn({ Architectures: ['mips'] }), /Architectures/],
  ['two processors', fn({ Architectures: ['arm64', 'x86_64'] }), /Architectures/],
  ['a trace of another mode', fn({ TracingConfig: { Mode: 'Loud' } }), /Mode/],
  ['subnets without a group', fn({ VpcConfig: { SubnetIds: ['s'] } }), /go together/],
  [
    'a VPC where the role may not go',
    fn({ VpcConfig: inVpc }, [allow('xray:*')]),
    /ec2:CreateNetworkInterface/,
  ],
  [
    'a trace that the role may not write',
    fn({ TracingConfig: { Mode: 'Active' } }, [allow('ec2:*')]),
    /xray:PutTraceSegments/,
  ],
  ['a unit that CloudWatch has not', alarm({ Unit: 'Apples' }), /no unit/],
  ['a key that is none', queue({ KmsMasterKeyId: 1 }), /KmsMasterKeyId/],
  ['a domain with a space', domain({ DomainName: 'a b' }), /domain/],
  ['a certificate that is none', domain({ RegionalCertificateArn: 'mine' }), /certificate/],
  ['a policy of TLS that there is not', domain({ SecurityPolicy: 'TLS_9' }), /TLS_1_2/],
  ['half a VPC of a build', project({ VpcConfig: { VpcId: 'v' } }), /go together/],
  [
    'credentials of another kind',
    project({}, { ImagePullCredentialsType: 'MINE' }),
    /ImagePullCredentialsType/,
  ],
  ['a class that DynamoDB has not', table({ TableClass: 'COLD' }), /TableClass/],
  [
    'days of a recovery that is off',
    table({ PointInTimeRecoverySpecification: { RecoveryPeriodInDays: 3 } }),
    /PointInTimeRecoveryEnabled true/,
  ],
  ['an API of two types', api({ EndpointConfiguration: { Types: ['EDGE', 'REGIONAL'] } }), /Types/],
  [
    'endpoints of an API that is not private',
    api({ EndpointConfiguration: { VpcEndpointIds: ['vpce-1'] } }),
    /PRIVATE alone/,
  ],
  ['an API without letters', api({ Name: '' }), /Name/],
  ['a log without the request’s id', logged('$context.status'), /\$context\.requestId/],
  ['a log level that is none', settings({ LoggingLevel: 'LOUD' }), /LoggingLevel/],
  ['a rate below nothing', settings({ ThrottlingRateLimit: -1 }), /ThrottlingRateLimit/],
];

describe('a template that AWS refuses is refused, and told what is wrong:', () => {
  it.each(REFUSED)('%s', async (_, resources, message) => {
    await expect(deploy(resources)).rejects.toThrow(message);
  });
});
