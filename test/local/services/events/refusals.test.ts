import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Service } from '../../../../local/core/cloud.ts';
import { makeResource } from '../../../../local/core/gate.ts';
import { eventsService } from '../../../../local/services/events/index.ts';
import { fakeCloud, temporaryFolder } from '../../../../local/testing.ts';

const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/hooks';
const TARGET = { Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:000000000000:queue' };

describe('EventBridge', () => {
  const folder = temporaryFolder();
  const cloud = fakeCloud(folder.path);
  let events: Service;
  const make = async (type: string, properties: Record<string, unknown>) =>
    makeResource(events, { stackName: 'T', logicalId: 'L', type, properties, generatedName: 'T-L-1' });
  const rule = (...Targets: object[]) =>
    make('AWS::Events::Rule', { EventPattern: { source: ['x'] }, Targets });
  const refusal = (member: string) => ({
    code: 'UnsupportedOperation',
    message: expect.stringMatching(new RegExp(`\\b${member}\\b`)),
  });

  beforeAll(async () => {
    events = cloud.add(eventsService(cloud));
    await make('AWS::Events::EventBus', { Name: 'hooks', KmsKeyIdentifier: '', Tags: [] });
    await cloud.request('events', 'PutRule', { Name: 'mine', EventPattern: '{"source":["x"]}' });
  });
  afterAll(async () => {
    await cloud.close();
    folder.remove();
  });

  const log = { Id: 'log', Arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/x' };
  const template = (InputTemplate: string) => ({
    InputTransformer: { InputPathsMap: { time: '$.time' }, InputTemplate },
  });
  it.each([
    [{ RoleArn: 'arn:aws:iam::1:role/r' }, /RoleArn is not supported/],
    [{ Input: '{}' }, /takes no Input/],
    [{ InputPath: '$.detail' }, /takes no Input and no InputPath/],
    [template('"<time>"'), /must be \{"timestamp"/],
    [template('{"timestamp":<time>}'), /must be \{"timestamp"/],
    [template('{"timestamp":<time>,"message":{"a":1}}'), /must be \{"timestamp"/],
    [template('{"timestamp":<time>,"message":"a","more":1}'), /must be \{"timestamp"/],
  ])('refuses a log group as a target with %j', async (more, message) => {
    const put = cloud.request('events', 'PutTargets', { Rule: 'mine', Targets: [{ ...log, ...more }] });
    await expect(put).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });

  const pattern = '{"source":["x"]}';
  it.each([
    ['PutEvents', { Entries: [{}] }, { EndpointId: 'x' }],
    ['PutRule', { Name: 'r', EventPattern: pattern }, { RoleArn: 'arn' }],
    ['PutRule', { Name: 'r', EventPattern: pattern }, { Tags: [] }],
    ['PutRule', { Name: 'r' }, { ScheduleExpression: 'rate(1 day)' }],
    ['DeleteRule', { Name: 'r' }, { Force: true }],
    ['RemoveTargets', { Rule: 'r', Ids: ['x'] }, { Force: true }],
    ['PutTargets', { Rule: 'r', Targets: [TARGET] }, { Nonsense: 1 }],
    ['ListRules', {}, { Nonsense: 1 }],
    ['TestEventPattern', { EventPattern: pattern, Event: '{}' }, { Nonsense: 1 }],
    ['DescribeEventBus', {}, { Nonsense: 1 }],
    ['StartReplay', {}, { Nonsense: 1 }],
  ])('refuses what it does not carry out of %s', async (operation, input, more) => {
    const [member = ''] = Object.keys(more);
    await expect(cloud.request('events', operation, { ...input, ...more })).rejects.toMatchObject(
      refusal(member),
    );
  });

  it('refuses the trace header of an event', async () => {
    const Entries = [{ Source: 'x', DetailType: 'y', Detail: '{}', TraceHeader: 'Root=1' }];
    await expect(cloud.request('events', 'PutEvents', { Entries })).rejects.toMatchObject(
      refusal('Entries.0.TraceHeader'),
    );
  });

  it.each([
    ['AWS::Events::EventBus', { Name: 'b', DeadLetterConfig: {} }, 'DeadLetterConfig'],
    ['AWS::Events::EventBus', { Name: 'b', LogConfig: {} }, 'LogConfig'],
    ['AWS::Events::EventBus', { Name: 'b', EventSourceName: 'x' }, 'EventSourceName'],
    ['AWS::Events::Rule', { ScheduleExpression: 'cron(0 12 * * ? *)' }, 'cron'],
    [
      'AWS::Events::Rule',
      { ScheduleExpression: 'rate(1 day)', EventPattern: { source: ['x'] } },
      'both an EventPattern and a ScheduleExpression',
    ],
    ['AWS::Events::Rule', { EventPattern: {}, RoleArn: 'arn' }, 'RoleArn'],
    ['AWS::Events::Archive', { SourceArn: BUS, Nonsense: 1 }, 'Nonsense'],
    ['AWS::Events::EventBus', { Name: 'b', Policy: {} }, 'Policy'],
  ])('refuses a property of %s that it does not carry out', async (type, properties, named) => {
    await expect(make(type, properties)).rejects.toMatchObject(refusal(named));
  });

  it.each([
    [{ EcsParameters: {} }, 'Targets.0.EcsParameters'],
    [{ SqsParameters: { MessageGroupId: 'x' } }, 'Targets.0.SqsParameters'],
    [{ RetryPolicy: { Nonsense: 1 } }, 'Targets.0.RetryPolicy.Nonsense'],
    [{ DeadLetterConfig: { Nonsense: 1 } }, 'Targets.0.DeadLetterConfig.Nonsense'],
    [{ InputTransformer: { InputTemplate: '{}', Nonsense: 1 } }, 'Targets.0.InputTransformer.Nonsense'],
  ])('refuses %j of a target', async (more, named) => {
    await expect(rule({ ...TARGET, ...more })).rejects.toMatchObject(refusal(named));
    const Targets = [{ ...TARGET, ...more }];
    await expect(cloud.request('events', 'PutTargets', { Rule: 'mine', Targets })).rejects.toMatchObject(
      refusal(named),
    );
  });

  const transformed = (InputTemplate: string) => ({
    InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate },
  });
  it.each([
    [{ Id: 'a b' }],
    [{ RetryPolicy: { MaximumEventAgeInSeconds: 59 } }],
    [{ RetryPolicy: { MaximumRetryAttempts: 186 } }],
    [{ Input: '{"a":' }],
    [{ Input: 'hello' }],
    [transformed('{"a": <a>')],
    [transformed('hello <a>')],
    [transformed('{"a": "<a>}')],
    [{ DeadLetterConfig: { Arn: 'arn:aws:sns:us-east-1:000000000000:topic' } }],
    [{ DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:queue.fifo' } }],
  ])('refuses the target %j, as AWS does', async (more) => {
    await expect(rule({ ...TARGET, ...more })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it.each([
    [{ RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: '0' } }],
    [{ Input: '"hello"' }],
    [transformed('{"a": <a>, "text": "a is <a>, \\"<a>\\""}')],
    [transformed('"hello <a>"')],
    [transformed('"hello <a>"\n"a second line"')],
    [transformed('<aws.events.event.json>')],
  ])('takes the target %j', async (more) => {
    await rule({ ...TARGET, ...more });
  });

  it('refuses a sixth target of a rule, in a template and by the API', async () => {
    const many = Array.from({ length: 6 }, (_, n) => ({ ...TARGET, Id: `t${n}` }));
    await rule(...many.slice(1));
    const tooMany = { code: 'LimitExceededException' };
    await expect(rule(...many)).rejects.toMatchObject(tooMany);
    const put = (Targets: object[]) => cloud.request('events', 'PutTargets', { Rule: 'mine', Targets });
    await put(many.slice(1));
    await put(many.slice(1));
    await expect(put(many.slice(0, 1))).rejects.toMatchObject(tooMany);
  });

  it('says who made a rule', async () => {
    expect(await cloud.request('events', 'DescribeRule', { Name: 'mine' })).toMatchObject({
      CreatedBy: '000000000000',
    });
  });

  it('refuses two targets of one id', async () => {
    const twice = { code: 'ValidationException', message: expect.stringContaining('queue') };
    await expect(rule(TARGET, TARGET)).rejects.toMatchObject(twice);
    const put = cloud.request('events', 'PutTargets', { Rule: 'mine', Targets: [TARGET, TARGET] });
    await expect(put).rejects.toMatchObject(twice);
  });

  it('tests a pattern on an event without resources', async () => {
    const event = { id: '1', account: '1', source: 'x', time: 't', region: 'r', 'detail-type': 'd' };
    const test = (Event: string) =>
      cloud.request('events', 'TestEventPattern', { EventPattern: pattern, Event });
    expect(await test(JSON.stringify(event))).toEqual({ Result: true });
    expect(await test(JSON.stringify({ ...event, 'detail-type': ['d'] }))).toEqual({ Result: true });
    await expect(test(JSON.stringify({ ...event, id: undefined }))).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  it('pages rules, and one that is added or deleted between two pages moves none', async () => {
    const rules = async (NextToken?: string) =>
      z
        .object({ Rules: z.array(z.object({ Name: z.string() })), NextToken: z.string().optional() })
        .parse(await cloud.request('events', 'ListRules', { NamePrefix: 'page-', Limit: 2, NextToken }));
    const put = (Name: string) => cloud.request('events', 'PutRule', { Name, EventPattern: pattern });
    for (const name of ['page-1', 'page-3', 'page-5']) await put(name);
    const first = await rules();
    expect(first.Rules.map(({ Name }) => Name)).toEqual(['page-1', 'page-3']);
    await put('page-0');
    await cloud.request('events', 'DeleteRule', { Name: 'page-3' });
    expect(await rules(first.NextToken)).toEqual({ Rules: [{ Name: 'page-5' }] });
  });

  it('refuses a token that it did not give out', async () => {
    await expect(cloud.request('events', 'ListRules', { NextToken: 'x' })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('NextToken'),
    });
  });
});
