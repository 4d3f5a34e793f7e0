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

const NOWHERE = 'nowhere';
const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
const queue = arn('sqs', NOWHERE);
const topic = arn('sns', NOWHERE);
const machine = arn('states', `stateMachine:${NOWHERE}`);
const fn = arn('lambda', `function:${NOWHERE}`);
const logGroup = arn('logs', `log-group:${NOWHERE}`);
const ROLE_ARN = `arn:aws:iam::000000000000:role/${NOWHERE}`;

const QUEUE: Resources = { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } };
const TOPIC: Resources = { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'told' } } };
const GROUP: Resources = { Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/there' } } };
const logDelivery = {
  PolicyName: 'logs',
  PolicyDocument: policy({ Effect: 'Allow', Action: 'logs:*', Resource: '*' }),
};
const logging = (LogGroupArn: unknown, Policies = [logDelivery]) =>
  one(
    'AWS::StepFunctions::StateMachine',
    {
      RoleArn: arnOf('Role'),
      DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
      LoggingConfiguration: { Level: 'ALL', Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn } }] },
    },
    { ...role('states.amazonaws.com', { Policies }), ...GROUP },
  );
const rule = (target: Properties, when: Properties = { EventPattern: { source: ['a'] } }, more = QUEUE) =>
  one('AWS::Events::Rule', { ...when, Targets: [{ Id: 'a', Arn: arnOf('Queue'), ...target }] }, more);
const pipe = (more: Properties = {}) =>
  one(
    'AWS::Pipes::Pipe',
    {
      RoleArn: arnOf('Role'),
      Source: arnOf('Queue'),
      Target: { Ref: 'Machine' },
      TargetParameters: { StepFunctionStateMachineParameters: { InvocationType: 'FIRE_AND_FORGET' } },
      DesiredState: 'STOPPED',
      ...more,
    },
    {
      ...QUEUE,
      ...role('pipes.amazonaws.com', {
        Policies: [
          {
            PolicyName: 'work',
            PolicyDocument: policy({
              Effect: 'Allow',
              Action: ['sqs:*', 'lambda:*', 'states:*'],
              Resource: '*',
            }),
          },
        ],
      }),
      MachineRole: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: trust('states.amazonaws.com') },
      },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          RoleArn: arnOf('MachineRole'),
          DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
        },
      },
    },
  );
const alarm = (AlarmActions: unknown[]) =>
  one(
    'AWS::CloudWatch::Alarm',
    {
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      MetricName: 'm',
      Namespace: 'n',
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
      AlarmActions,
    },
    TOPIC,
  );
const subscription = (more: Properties) =>
  one(
    'AWS::SNS::Subscription',
    { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'a@b.example', ...more },
    TOPIC,
  );
const filter = (LogGroupName: unknown) =>
  one(
    'AWS::Logs::MetricFilter',
    {
      LogGroupName,
      FilterPattern: 'ERROR',
      MetricTransformations: [{ MetricName: 'm', MetricNamespace: 'n', MetricValue: '1' }],
    },
    GROUP,
  );
const trusting = (AWS: unknown) =>
  one(
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }) },
    role('lambda.amazonaws.com'),
  );
const read = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
const onFailure = (Destination: unknown) =>
  one(
    'AWS::Lambda::EventInvokeConfig',
    { FunctionName: { Ref: 'Fn' }, Qualifier: '$LATEST', DestinationConfig: { OnFailure: { Destination } } },
    {
      ...QUEUE,
      ...role('lambda.amazonaws.com', {
        Policies: [
          {
            PolicyName: 'send',
            PolicyDocument: policy({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }),
          },
        ],
      }),
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { ZipFile: 'exports.handler = async () => 1' },
          Handler: 'index.handler',
          Runtime: 'nodejs22.x',
          Role: arnOf('Role'),
        },
      },
    },
  );
const ofQueue = (AWS: unknown) =>
  one(
    'AWS::SQS::QueuePolicy',
    {
      Queues: [{ Ref: 'Queue' }],
      PolicyDocument: policy({
        Effect: 'Allow',
        Principal: { AWS },
        Action: 'sqs:SendMessage',
        Resource: '*',
      }),
    },
    { ...QUEUE, ...role('lambda.amazonaws.com') },
  );

describe('a template whose parts are there is taken:', () => {
  it.each<[string, Resources]>([
    ['a rule', rule({ DeadLetterConfig: { Arn: arnOf('Queue') } })],
    [
      'a rule to a log group',
      rule({ Arn: logGroup.replace(NOWHERE, '/there') }, undefined, { ...QUEUE, ...GROUP }),
    ],
    ['a pipe', pipe()],
    ['an alarm', alarm([{ Ref: 'Topic' }, arn('sns', 'told')])],
    ['a subscription', subscription({})],
    ['a metric filter', filter({ Ref: 'Group' })],
    [
      'a role that trusts another',
      trusting([arnOf('Role'), '000000000000', 'arn:aws:iam::111111111111:root']),
    ],
    ['a queue of failures', onFailure(arnOf('Queue'))],
    ['a queue’s policy', ofQueue([arnOf('Role'), '*'])],
    ['a machine’s log', logging(arnOf('Group'))],
  ])('%s', async (_, resources) => {
    await expect(deploy(resources)).resolves.toBeDefined();
  });
});

const ABSENT: readonly [string, Resources][] = [
  ['queue of a rule', rule({ Arn: queue })],
  [
    'machine of a rule',
    rule({ Arn: machine, RoleArn: arnOf('Role') }, undefined, { ...QUEUE, ...role('events.amazonaws.com') }),
  ],
  ['function of a rule', rule({ Arn: fn })],
  ['log group of a rule', rule({ Arn: logGroup })],
  ['dead-letter queue of a rule', rule({ DeadLetterConfig: { Arn: queue } })],
  [
    'dead-letter queue of a schedule',
    rule({ DeadLetterConfig: { Arn: queue } }, { ScheduleExpression: 'rate(1 hour)' }),
  ],
  ['queue of a schedule', rule({ Arn: queue }, { ScheduleExpression: 'rate(1 hour)' })],
  ['queue of a function’s failures', onFailure(queue)],
  ['source of a pipe', pipe({ Source: queue })],
  ['enrichment of a pipe', pipe({ Enrichment: fn })],
  ['target of a pipe', pipe({ Target: machine })],
  ['topic of an alarm', alarm([topic])],
  ['topic of a subscription', subscription({ TopicArn: topic })],
  ['queue of a subscription', subscription({ Protocol: 'sqs', Endpoint: queue })],
  ['dead-letter queue of a subscription', subscription({ RedrivePolicy: { deadLetterTargetArn: queue } })],
  [
    'topic of a policy',
    one('AWS::SNS::TopicPolicy', {
      Topics: [topic],
      PolicyDocument: policy({ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' }),
    }),
  ],
  [
    'bucket of a policy',
    one('AWS::S3::BucketPolicy', {
      Bucket: NOWHERE,
      PolicyDocument: policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: `arn:aws:s3:::${NOWHERE}`,
      }),
    }),
  ],
  ['role of a policy', one('AWS::IAM::Policy', { PolicyName: 'p', Roles: [NOWHERE], PolicyDocument: read })],
  ['role of a managed policy', one('AWS::IAM::ManagedPolicy', { Roles: [NOWHERE], PolicyDocument: read })],
  [
    'managed policy of a role',
    one('AWS::IAM::Role', {
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
      ManagedPolicyArns: [`arn:aws:iam::000000000000:policy/${NOWHERE}`],
    }),
  ],
  ['role in a trust', trusting(ROLE_ARN)],
  ['role in a queue’s policy', ofQueue([ROLE_ARN])],
  ['log group of a metric filter', filter(NOWHERE)],
  ['log group of a machine', logging(`${logGroup}:*`)],
];

describe('a template is refused for what no stack makes: the', () => {
  it.each(ABSENT)('%s', async (_, resources) => {
    await expect(deploy(resources)).rejects.toThrow(new RegExp(`${NOWHERE}.*, which no stack makes`));
  });
});

it('is refused where the role of a machine may not write its log', async () => {
  await expect(deploy(logging(arnOf('Group'), []))).rejects.toThrow(
    /not authorized to access the Log Destination/,
  );
});
