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

const allow = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
const holding = (service: string, ...actions: string[]) =>
  role(service, {
    Policies: actions.length === 0 ? [] : [{ PolicyName: 'p', PolicyDocument: policy(allow(...actions)) }],
  });
const roleNamed = (name: string, service: string, more: Properties = {}): Resources => ({
  [name]: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust(service), ...more } },
});
const PASS = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}';

const QUEUE: Resources = { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } };
const FN: Resources = {
  ...roleNamed('FnRole', 'lambda.amazonaws.com'),
  Fn: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { ZipFile: 'exports.handler = async () => 1' },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: arnOf('FnRole'),
    },
  },
};
const MACHINE: Resources = {
  ...roleNamed('MachineRole', 'states.amazonaws.com'),
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { RoleArn: arnOf('MachineRole'), DefinitionString: PASS },
  },
};
const READS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const PIPES = [...READS, 'lambda:InvokeFunction', 'states:StartExecution'];
const pipe = (actions: readonly string[], service = 'pipes.amazonaws.com') =>
  one(
    'AWS::Pipes::Pipe',
    {
      RoleArn: arnOf('Role'),
      Source: arnOf('Queue'),
      Enrichment: arnOf('Fn'),
      Target: { Ref: 'Machine' },
      TargetParameters: { StepFunctionStateMachineParameters: { InvocationType: 'FIRE_AND_FORGET' } },
      DesiredState: 'STOPPED',
    },
    { ...QUEUE, ...FN, ...MACHINE, ...holding(service, ...actions) },
  );

const LOGS = [
  'CreateLogGroup',
  'CreateLogStream',
  'DescribeLogGroups',
  'DescribeLogStreams',
  'PutLogEvents',
  'GetLogEvents',
  'FilterLogEvents',
].map((action) => `logs:${action}`);
const account = (actions: readonly string[], service = 'apigateway.amazonaws.com') =>
  one('AWS::ApiGateway::Account', { CloudWatchRoleArn: arnOf('Role') }, holding(service, ...actions));

const RULE = ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'];
const waiting = (actions: readonly string[]) =>
  one(
    'AWS::StepFunctions::StateMachine',
    {
      RoleArn: arnOf('Role'),
      DefinitionString: JSON.stringify({
        StartAt: 'A',
        States: {
          A: {
            Type: 'Task',
            Resource: 'arn:aws:states:::codebuild:startBuild.sync',
            Parameters: { ProjectName: 'p' },
            End: true,
          },
        },
      }),
    },
    holding('states.amazonaws.com', ...actions),
  );

const VPC = ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'];
const project = (actions: readonly string[]) =>
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
      },
      VpcConfig: {
        VpcId: 'vpc-0123456789abcdef0',
        Subnets: ['subnet-0123456789abcdef0'],
        SecurityGroupIds: ['sg-0123456789abcdef0'],
      },
    },
    holding('codebuild.amazonaws.com', ...actions),
  );

/** A pipeline whose source has a role of its own. */
const pipeline = (may: readonly string[], trusted: Properties, more: Properties = {}) =>
  one(
    'AWS::CodePipeline::Pipeline',
    {
      RoleArn: arnOf('Role'),
      ArtifactStore: { Type: 'S3', Location: { Ref: 'Bucket' } },
      ...more,
      Stages: [
        {
          Name: 'Source',
          Actions: [
            {
              Name: 'Source',
              ActionTypeId: { Category: 'Source', Owner: 'AWS', Provider: 'S3', Version: '1' },
              Configuration: {
                S3Bucket: { Ref: 'Bucket' },
                S3ObjectKey: 'k.zip',
                PollForSourceChanges: false,
              },
              OutputArtifacts: [{ Name: 'a' }],
              RoleArn: arnOf('SourceRole'),
            },
          ],
        },
        {
          Name: 'Build',
          Actions: [
            {
              Name: 'Build',
              ActionTypeId: { Category: 'Build', Owner: 'AWS', Provider: 'CodeBuild', Version: '1' },
              Configuration: { ProjectName: { Ref: 'Project' } },
              InputArtifacts: [{ Name: 'a' }],
            },
          ],
        },
      ],
    },
    {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
      ...holding('codepipeline.amazonaws.com', ...may),
      ...roleNamed('SourceRole', 'lambda.amazonaws.com', {
        AssumeRolePolicyDocument: policy({
          Effect: 'Allow',
          Principal: trusted,
          Action: 'sts:AssumeRole',
        }),
      }),
      ...roleNamed('ProjectRole', 'codebuild.amazonaws.com'),
      Project: {
        Type: 'AWS::CodeBuild::Project',
        Properties: {
          ServiceRole: arnOf('ProjectRole'),
          Artifacts: { Type: 'CODEPIPELINE' },
          Source: { Type: 'CODEPIPELINE' },
          Environment: {
            Type: 'LINUX_CONTAINER',
            ComputeType: 'BUILD_GENERAL1_SMALL',
            Image: 'aws/codebuild/standard:7.0',
          },
        },
      },
    },
  );
const PIPELINE = { AWS: arnOf('Role') };

describe('a role that may do what a resource asks for is taken with', () => {
  it.each<[string, Resources]>([
    ['a pipe', pipe(PIPES)],
    ['an account of API Gateway', account(LOGS)],
    ['a machine that waits for a build', waiting(RULE)],
    ['a project in a VPC', project(VPC)],
    ['a pipeline', pipeline(['sts:AssumeRole'], PIPELINE)],
  ])('%s', async (_, resources) => {
    await expect(deploy(resources)).resolves.toBeDefined();
  });
});

const without = (actions: readonly string[], one: string) => actions.filter((action) => action !== one);

describe('a role that may not is refused, and told what it lacks, with', () => {
  it.each(PIPES)('a pipe, %s', async (action) => {
    await expect(deploy(pipe(without(PIPES, action)))).rejects.toThrow(`permissions to call ${action}`);
  });
  it.each(LOGS)('an account of API Gateway, %s', async (action) => {
    await expect(deploy(account(without(LOGS, action)))).rejects.toThrow(`allow ${action}`);
  });
  it.each(RULE)('a machine that waits for a build, %s', async (action) => {
    await expect(deploy(waiting(without(RULE, action)))).rejects.toThrow(
      new RegExp(`not authorized to create managed-rule: allow ${action}`),
    );
  });
  it.each(VPC)('a project in a VPC, %s', async (action) => {
    await expect(deploy(project(without(VPC, action)))).rejects.toThrow(`to perform ${action}`);
  });
});

describe('a role that trusts somebody else is refused with', () => {
  const other = 'ec2.amazonaws.com';
  it.each<[string, Resources]>([
    ['a pipe', pipe(PIPES, other)],
    ['an account of API Gateway', account(LOGS, other)],
    ['a source that its pipeline may not assume', pipeline([], PIPELINE)],
    ['a source that trusts another than its pipeline', pipeline(['sts:AssumeRole'], { Service: other })],
  ])('%s', async (_, resources) => {
    await expect(deploy(resources)).rejects.toThrow('is not authorized to perform sts:AssumeRole');
  });
});

it('a pipeline is refused whose artifact store no stack makes', async () => {
  const resources = pipeline(['sts:AssumeRole'], PIPELINE, {
    ArtifactStore: { Type: 'S3', Location: 'no-such-bucket' },
  });
  await expect(deploy(resources)).rejects.toThrow('ArtifactStore.Location names no-such-bucket');
});
