import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { doorPath, providerNamed, providerNames } from '../../events/providers/index.ts';
import { DELIVERY_LOG_RULE_NAME } from '../../infra/names.ts';
import { ASSEMBLY } from '../support/hookline.ts';
import {
  of,
  outputOf,
  policiesOf,
  policySchema,
  propertiesOf,
  roleSchema,
  statements,
  statementsOf,
} from '../support/template.ts';

/** The rules of Hookline's own bus: the files of `events/rules`, and the one that records every delivery. */
const onBus = propertiesOf('AWS::Events::Rule').filter(({ EventBusName }) => EventBusName !== undefined);
const rules = onBus.filter(({ Name }) => Name !== DELIVERY_LOG_RULE_NAME);

/** The functions that the targets of a rule name, by their logical ids. */
const functionsIn = (targets: unknown): string[] =>
  z
    .array(z.object({ Arn: roleSchema }))
    .parse(targets)
    .map(({ Arn }) => Arn['Fn::GetAtt'][0]);

describe('the template', () => {
  it('grants no action by a wildcard, but what the CDK gives its own builds and pipelines', () => {
    const own = /^s3:(GetObject|GetBucket|List|DeleteObject|Abort)\*$/;
    const wild = statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'));
    expect(wild.filter((action) => !own.test(action))).toEqual([]);
  });

  it('grants nothing on every resource but tracing and the delivery of logs, which have none to name', () => {
    const everywhere = statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
    expect(everywhere.filter((action) => !/^(xray|logs):/.test(action))).toEqual([]);
  });

  it('lets nobody write an artifact of a commit but where none stands', () => {
    const [policy] = propertiesOf('AWS::S3::BucketPolicy');
    expect(policy?.PolicyDocument).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:PutObject',
          Principal: { AWS: '*' },
          Condition: {
            Null: { 's3:if-none-match': 'true' },
            Bool: { 's3:ObjectCreationOperation': 'true' },
          },
        }),
      ]),
    });
  });

  it('keeps artifacts versioned, encrypted, private and behind TLS, and does not delete them with the stack', () => {
    const [[, bucket] = ['', undefined]] = of('AWS::S3::Bucket');
    expect(bucket).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: expect.anything(),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
    expect(JSON.stringify(propertiesOf('AWS::S3::BucketPolicy'))).toContain('"aws:SecureTransport":"false"');
  });

  it('records every delivery once, and each rule that takes one, in a log that rules may write to (I11)', () => {
    const every = onBus.filter(({ Name }) => Name === DELIVERY_LOG_RULE_NAME);
    expect(every).toMatchObject([
      {
        EventPattern: {
          source: ['hookline'],
          'detail-type': ['webhook'],
          'replay-name': [{ exists: false }],
        },
        State: 'ENABLED',
      },
    ]);
    const logged = onBus.map(({ Targets }) => JSON.stringify(Targets).match(/"Id":"log"/g)?.length);
    expect(logged).toEqual(onBus.map(() => 1));
    const [policy, ...others] = propertiesOf('AWS::Logs::ResourcePolicy');
    expect(others).toEqual([]);
    expect(JSON.stringify(policy)).toMatch(
      /logs:PutLogEvents.*aws:SourceArn|aws:SourceArn.*logs:PutLogEvents/,
    );
    expect(propertiesOf('AWS::Logs::LogGroup')).toContainEqual(
      expect.objectContaining({ LogGroupName: '/aws/events/hookline/deliveries', RetentionInDays: 90 }),
    );
  });

  it('gives every way to the machine a dead-letter queue, and the overflow queue one of its own', () => {
    expect(rules).not.toHaveLength(0);
    for (const rule of rules)
      expect(rule.Targets).toMatchObject([{ DeadLetterConfig: { Arn: expect.anything() } }, { Id: 'log' }]);
    const queues = propertiesOf('AWS::SQS::Queue');
    expect(queues.filter(({ RedrivePolicy }) => RedrivePolicy)).toHaveLength(1);
    for (const queue of queues)
      expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
  });

  it('has EventBridge try each target of a rule for a day', () => {
    const day = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
    const targets = propertiesOf('AWS::Events::Rule').flatMap(({ Targets }) =>
      z.array(z.object({ RetryPolicy: z.unknown().default(day) })).parse(Targets),
    );
    // Of a target that says nothing EventBridge takes the same.
    expect(targets.map(({ RetryPolicy }) => RetryPolicy)).toEqual(targets.map(() => day));
    for (const { Targets } of rules) expect(Targets).toMatchObject([{ RetryPolicy: day }, { Id: 'log' }]);
  });

  it('hands what a function of a rule on the default bus has failed to do on to a queue, which an alarm watches (I1)', () => {
    // What a schedule starts in vain, it starts again.
    const called = propertiesOf('AWS::Events::Rule').flatMap(({ EventBusName, EventPattern, Targets }) =>
      EventBusName === undefined && EventPattern !== undefined ? functionsIn(Targets) : [],
    );
    expect(called).toHaveLength(2);
    const [[queue = ''] = []] = of('AWS::SQS::Queue').filter(([name]) => name.startsWith('Unrecorded'));
    const destination = { OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } };
    expect(propertiesOf('AWS::Lambda::EventInvokeConfig')).toEqual(
      called.map((Ref) => ({
        FunctionName: { Ref },
        Qualifier: '$LATEST',
        DestinationConfig: destination,
      })),
    );
    const [alarm] = propertiesOf('AWS::CloudWatch::Alarm').filter(
      ({ AlarmName }) => AlarmName === 'Hookline Unrecorded',
    );
    expect(alarm).toMatchObject({
      Threshold: 0,
      Metrics: [
        { Expression: 'FILL(waiting, 0) + FILL(lost0, 0) + FILL(lost1, 0)' },
        {
          Id: 'waiting',
          MetricStat: { Metric: { MetricName: 'ApproximateNumberOfMessagesVisible' }, Stat: 'Maximum' },
        },
        ...called.map((Value) => ({
          MetricStat: {
            Metric: {
              MetricName: 'DestinationDeliveryFailures',
              Dimensions: [{ Name: 'FunctionName', Value: { Ref: Value } }],
            },
            Stat: 'Sum',
          },
        })),
      ],
    });
  });

  it('tries what waits in the overflow queue for an hour before the dead queue has it', () => {
    const overflow = propertiesOf('AWS::SQS::Queue').filter(({ RedrivePolicy }) => RedrivePolicy);
    const [{ VisibilityTimeout, RedrivePolicy }] = z
      .tuple([
        z.object({ VisibilityTimeout: z.number(), RedrivePolicy: z.object({ maxReceiveCount: z.number() }) }),
      ])
      .parse(overflow);
    expect(VisibilityTimeout * RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(3600);
  });

  it('alarms someone about the dead queue, and about what reaches neither the machine nor a queue', () => {
    for (const alarm of propertiesOf('AWS::CloudWatch::Alarm')) expect(alarm.AlarmActions).toHaveLength(1);
    expect(JSON.stringify(propertiesOf('AWS::SNS::TopicPolicy'))).toContain(
      '"Principal":{"Service":"cloudwatch.amazonaws.com"}',
    );
    const metrics = propertiesOf('AWS::CloudWatch::Alarm').map(({ MetricName }) => MetricName);
    expect(metrics).toContain('ApproximateNumberOfMessagesVisible');
    const text = JSON.stringify(propertiesOf('AWS::CloudWatch::Alarm'));
    expect(text.match(/"MetricName":"InvocationsFailedToBeSentToDlq"/g)).toHaveLength(rules.length);
  });

  it('alarms someone about a delivery that leaves no line in the log (I11)', () => {
    const alarms = propertiesOf('AWS::CloudWatch::Alarm').filter(
      ({ MetricName }) => MetricName === 'FailedInvocations',
    );
    expect(alarms).toMatchObject([
      { Dimensions: expect.arrayContaining([{ Name: 'RuleName', Value: DELIVERY_LOG_RULE_NAME }]) },
    ]);
  });

  it('hears on the default bus of every execution of the machine that did not succeed', () => {
    const ends = propertiesOf('AWS::Events::Rule').filter(({ EventPattern }) =>
      JSON.stringify(EventPattern ?? {}).includes('aws.states'),
    );
    const [[machine = ''] = []] = of('AWS::StepFunctions::StateMachine');
    expect(ends).toMatchObject([
      {
        EventPattern: {
          source: ['aws.states'],
          'detail-type': ['Step Functions Execution Status Change'],
          detail: { stateMachineArn: [{ Ref: machine }], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
        },
        State: 'ENABLED',
      },
    ]);
    const [target] = z.tuple([z.object({ Arn: roleSchema })]).parse(ends[0]?.Targets);
    const permitted = propertiesOf('AWS::Lambda::Permission').filter(
      ({ Principal, FunctionName }) =>
        Principal === 'events.amazonaws.com' && JSON.stringify(FunctionName) === JSON.stringify(target.Arn),
    );
    expect(permitted).toHaveLength(1);
    expect(target.Arn['Fn::GetAtt'][0]).toMatch(/recordend/i);
  });

  it('has a door for every provider, which asks for the headers of its webhooks, and names the first in the outputs', () => {
    const resources = of('AWS::ApiGateway::Resource');
    const [parent] = resources.filter(([, { Properties }]) => Properties.PathPart === 'webhooks');
    const methods = propertiesOf('AWS::ApiGateway::Method');
    for (const provider of providerNames.map(providerNamed)) {
      const below = resources.filter(([, { Properties }]) => Properties.PathPart === provider.name);
      expect(below).toMatchObject([[expect.anything(), { Properties: { ParentId: { Ref: parent?.[0] } } }]]);
      const { event, delivery, signature } = provider.door.headers;
      const method = methods.find(
        ({ ResourceId }) => JSON.stringify(ResourceId) === `{"Ref":"${below[0]?.[0]}"}`,
      );
      expect(method?.RequestParameters).toEqual({
        [`method.request.header.${event}`]: true,
        [`method.request.header.${delivery}`]: true,
        [`method.request.header.${signature}`]: true,
      });
      expect(JSON.stringify(method)).toContain(provider.door.headers.signature);
    }
    expect(JSON.stringify(outputOf('WebhookUrl'))).toContain(doorPath(providerNamed(providerNames[0])));
  });

  it('alarms nobody because anybody sent what is not signed', () => {
    const refused = propertiesOf('AWS::Logs::MetricFilter').filter((filter) =>
      JSON.stringify(filter).includes('"Refused"'),
    );
    expect(refused).toMatchObject([
      {
        FilterPattern:
          '{ ($.type = "FailStateEntered") && (($.details.name = "Rejected") || ($.details.name = "Malformed")) }',
        MetricTransformations: [{ MetricNamespace: 'Hookline', MetricName: 'Refused', MetricValue: '1' }],
      },
    ]);
    const failed = propertiesOf('AWS::CloudWatch::Alarm').filter(({ Metrics }) =>
      JSON.stringify(Metrics)?.includes('ExecutionsFailed'),
    );
    expect(failed).toMatchObject([
      {
        Metrics: expect.arrayContaining([
          expect.objectContaining({ Expression: 'failed - FILL(refused, 0)' }),
        ]),
      },
    ]);
  });

  it('archives every webhook for as long as it is set', () => {
    expect(propertiesOf('AWS::Events::Archive')).toMatchObject([
      { RetentionDays: 90, EventPattern: { source: ['hookline'], 'detail-type': ['webhook'] } },
    ]);
  });

  it('lets services act for this account alone: no alarm of another may mail, no rule of another start', () => {
    const trusted = [
      ...propertiesOf('AWS::SNS::TopicPolicy').map(({ PolicyDocument }) => PolicyDocument),
      ...propertiesOf('AWS::IAM::Role').map(({ AssumeRolePolicyDocument }) => AssumeRolePolicyDocument),
    ].map((policy) => JSON.stringify(policy));
    for (const service of ['cloudwatch', 'events', 'codepipeline']) {
      const own = trusted.filter((policy) => policy.includes(`"${service}.amazonaws.com"`));
      expect(own).not.toHaveLength(0);
      for (const policy of own) expect(policy).toContain('{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}');
    }
  });

  it('lets builds write artifacts, and steps move and remove pointers: nobody deletes an artifact', () => {
    const writing = statements.flatMap(({ Effect, Action, Resource }) =>
      Effect === 'Allow' && Action.some((action) => ['s3:PutObject', 's3:DeleteObject'].includes(action))
        ? [{ Action, on: /"\/(?:\*\/)?(\w+)\/\*"/.exec(JSON.stringify(Resource))?.[1] }]
        : [],
    );
    const own = writing.filter(({ on }) => on !== undefined);
    expect(own.map(({ on }) => on).toSorted()).toEqual(['commits', 'kept', 'refs', 'refs']);
    for (const { Action, on } of own) expect(Action.includes('s3:DeleteObject')).toBe(on === 'refs');
  });

  it('lets no build of the example, and nobody else in the account, at the artifacts of every repository', () => {
    const [[artifacts], [store]] = z
      .tuple([z.array(z.unknown()), z.array(z.unknown())])
      .parse(of('AWS::S3::Bucket'));
    const [pipeline] = propertiesOf('AWS::CodePipeline::Pipeline');
    expect(pipeline?.ArtifactStore).toMatchObject({ Location: { Ref: store } });
    const reading = (path: string) =>
      JSON.stringify(
        of('AWS::IAM::Policy').filter(([, { Metadata }]) => String(Metadata['aws:cdk:path']).includes(path)),
      );
    expect(reading('Example/ProjectRole')).not.toContain(String(artifacts));
    expect(reading('Example/SourceRole')).toContain(String(artifacts));
    const role = propertiesOf('AWS::IAM::Role').find(({ AssumeRolePolicyDocument }) =>
      JSON.stringify(AssumeRolePolicyDocument).includes(':root'),
    );
    expect(JSON.stringify(role)).toContain('"ArnEquals":{"aws:PrincipalArn"');
  });

  it('keeps no log for ever', () => {
    for (const [name, { Properties }] of of('AWS::Logs::LogGroup'))
      expect([name, Properties.RetentionInDays]).toEqual([name, 90]);
  });

  it('runs functions on the newest runtime, on arm64, traced', () => {
    const functions = propertiesOf('AWS::Lambda::Function');
    expect(functions).toHaveLength(11);
    for (const each of functions)
      expect(each).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: expect.anything() },
      });
  });

  it('keeps the tables recoverable but for that whose records live for a day, and deletes them only with a stack whose first deployment failed', () => {
    const tables = of('AWS::DynamoDB::Table');
    expect(tables).toHaveLength(3);
    for (const [id, table] of tables)
      expect(table).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        Properties: {
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: !id.startsWith('StorageIdempotency'),
          },
        },
      });
  });

  it('is deleted only by who says so twice, and leaves what is in the dead queues', () => {
    const manifest = z
      .object({ artifacts: z.record(z.string(), z.looseObject({ properties: z.unknown() })) })
      .parse(JSON.parse(readFileSync(join(ASSEMBLY, 'manifest.json'), 'utf8')));
    expect(manifest.artifacts.Hookline?.properties).toMatchObject({ terminationProtection: true });
    const kept = of('AWS::SQS::Queue').filter(([, { DeletionPolicy }]) =>
      DeletionPolicy?.startsWith('Retain'),
    );
    expect(kept.map(([Ref]) => ({ Ref }))).toEqual([
      outputOf('UnrecordedQueueUrl'),
      outputOf('DeadQueueUrl'),
    ]);
  });

  it('lets no build make a log group, which a build that ends after its stack would make again', () => {
    const projects = propertiesOf('AWS::CodeBuild::Project');
    expect(projects).not.toHaveLength(0);
    for (const { ServiceRole } of projects) {
      const own = statementsOf(roleSchema.parse(ServiceRole)['Fn::GetAtt'][0]);
      const denied = own.filter(({ Effect }) => Effect === 'Deny');
      expect(denied).toMatchObject([{ Action: ['logs:CreateLogGroup'] }]);
      expect(JSON.stringify(denied)).toContain(':log-group:*');
    }
  });

  it('lets who moves pointers touch no artifact, that of a repository called refs neither', () => {
    for (const name of ['publish', 'retire']) {
      const path = `Hookline/Functions/${name}/Function/Resource`;
      const [, mover] =
        of('AWS::Lambda::Function').find(([, { Metadata }]) => Metadata['aws:cdk:path'] === path) ?? [];
      const own = statementsOf(roleSchema.parse(mover?.Properties.Role)['Fn::GetAtt'][0]);
      const denied = own.filter(({ Effect }) => Effect === 'Deny');
      expect(denied.map(({ Action }) => Action.toSorted())).toEqual([['s3:DeleteObject', 's3:PutObject']]);
      expect(JSON.stringify(denied)).toContain('/commits/*');
    }
  });

  it('throttles the door and logs who came, without bodies', () => {
    const [stage] = propertiesOf('AWS::ApiGateway::Stage');
    expect(stage).toMatchObject({
      MethodSettings: [
        { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 200, LoggingLevel: 'OFF', DataTraceEnabled: false },
      ],
      AccessLogSetting: { Format: expect.not.stringContaining('body') },
    });
  });

  it('gives API Gateway the role without which it takes no stage with access logs', () => {
    const [[, stage] = ['', undefined]] = of('AWS::ApiGateway::Stage');
    const [[account] = ['']] = of('AWS::ApiGateway::Account');
    expect(stage?.DependsOn).toContain(account);
  });

  it('lets the whole bus send to the overflow queue by one statement: a policy of SQS takes 20', () => {
    const sending = propertiesOf('AWS::SQS::QueuePolicy').flatMap((properties) =>
      policySchema
        .parse(properties)
        .PolicyDocument.Statement.filter(({ Action }) => Action.includes('sqs:SendMessage')),
    );
    expect(sending).toHaveLength(1);
    expect(JSON.stringify(sending)).toMatch(/:rule\/.*\/\*/);
  });

  it('makes a pipe after the policies of its role, without which AWS refuses the pipe', () => {
    const pipes = of('AWS::Pipes::Pipe');
    expect(pipes).not.toHaveLength(0);
    for (const [, { Properties, DependsOn }] of pipes) {
      const policies = policiesOf(roleSchema.parse(Properties.RoleArn)['Fn::GetAtt'][0]);
      expect(policies).not.toHaveLength(0);
      expect(DependsOn).toEqual(expect.arrayContaining(policies));
    }
  });

  it('logs executions where the log policy of the account, of 5,120 characters, need not name them', () => {
    const machine = JSON.stringify(propertiesOf('AWS::StepFunctions::StateMachine'));
    const groups = of('AWS::Logs::LogGroup').filter(([name]) => machine.includes(name));
    expect(groups.map(([, { Properties }]) => Properties.LogGroupName)).toEqual([
      expect.stringMatching(/^\/aws\/vendedlogs\//),
    ]);
  });

  it('holds no secret', () => {
    const secrets = propertiesOf('AWS::SecretsManager::Secret');
    expect(secrets.map(({ SecretString }) => SecretString)).toEqual([undefined, '{}']);
  });

  it('makes the webhook secret up from nothing that a setting changes: that would replace it', () => {
    const [webhook] = propertiesOf('AWS::SecretsManager::Secret');
    expect(webhook?.GenerateSecretString).toMatchObject({
      SecretStringTemplate: '{}',
      GenerateStringKey: 'github.com',
    });
  });
});
