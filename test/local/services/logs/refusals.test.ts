import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Service } from '../../../../local/core/cloud.ts';
import { makeResource } from '../../../../local/core/gate.ts';
import { logsService } from '../../../../local/services/logs/index.ts';
import { fakeCloud, temporaryFolder } from '../../../../local/testing.ts';

describe('Logs refuses', () => {
  const folder = temporaryFolder();
  const cloud = fakeCloud(folder.path);
  let logs: Service;
  const make = async (properties: Record<string, unknown>, type = 'AWS::Logs::LogGroup') =>
    makeResource(logs, { stackName: 'T', logicalId: 'L', type, properties, generatedName: 'group' });
  const refusal = (member: string) => ({
    code: 'UnsupportedOperation',
    message: expect.stringMatching(new RegExp(`\\b${member}\\b`)),
  });

  beforeAll(async () => {
    logs = cloud.add(logsService(cloud));
    await make({});
    await make({ LogGroupName: 'group', LogStreamName: 'stream' }, 'AWS::Logs::LogStream');
  });
  afterAll(async () => {
    await cloud.close();
    folder.remove();
  });

  const logGroupName = 'group';
  const stream = { logGroupName, logStreamName: 'stream' };
  const logEvents = [{ timestamp: Date.now(), message: 'x' }];
  it.each([
    ['CreateLogGroup', { logGroupName: 'b' }, { logGroupClass: 'INFREQUENT_ACCESS' }],
    ['CreateLogGroup', { logGroupName: 'b' }, { deletionProtectionEnabled: true }],
    ['DescribeLogGroups', {}, { logGroupClass: 'STANDARD' }],
    ['DescribeLogGroups', {}, { logGroupIdentifiers: ['group'] }],
    ['DescribeLogGroups', {}, { includeLinkedAccounts: true }],
    ['DescribeLogStreams', { logGroupName }, { Nonsense: 1 }],
    ['PutLogEvents', { ...stream, logEvents }, { entity: {} }],
    ['GetLogEvents', stream, { Nonsense: 1 }],
    ['FilterLogEvents', { logGroupName }, { nonsense: true }],
    ['FilterLogEvents', { logGroupName }, { Nonsense: 1 }],
  ])('what it does not carry out of %s', async (operation, input, more) => {
    const [member = ''] = Object.keys(more);
    await expect(cloud.request('logs', operation, { ...input, ...more })).rejects.toMatchObject(
      refusal(member),
    );
  });

  it('an unknown member of a log event', async () => {
    const events = [{ timestamp: Date.now(), message: 'x', level: 'INFO' }];
    await expect(
      cloud.request('logs', 'PutLogEvents', { ...stream, logEvents: events }),
    ).rejects.toMatchObject(refusal('logEvents.0.level'));
  });

  it.each([
    [{}],
    [{ logGroupName, logGroupIdentifier: 'group' }],
    [{ logGroupName, limit: 0 }],
    [{ logGroupName, nextToken: 'x' }],
  ])("%j with Logs' own error code", async (input) => {
    await expect(cloud.request('logs', 'FilterLogEvents', input)).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });

  it.each([
    'DataProtectionPolicy',
    'DeletionProtectionEnabled',
    'FieldIndexPolicies',
    'LogGroupClass',
    'Nonsense',
  ])('the property %s of a log group', async (name) => {
    await expect(make({ [name]: 'x' })).rejects.toMatchObject(refusal(name));
  });

  it('a retention that Logs has not', async () => {
    const retentionInDays = 2;
    await expect(make({ RetentionInDays: retentionInDays })).rejects.toThrow('RetentionInDays');
    const put = cloud.request('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
    await expect(put).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  it('an unknown property of a log stream', async () => {
    await expect(make({ LogGroupName: 'group', Nonsense: 1 }, 'AWS::Logs::LogStream')).rejects.toMatchObject(
      refusal('Nonsense'),
    );
  });

  it('nothing of what the command line sends and AWS ignores, nor of what only encrypts or labels', async () => {
    await cloud.request('logs', 'PutLogEvents', { ...stream, logEvents, sequenceToken: '1' });
    const input = { logGroupIdentifier: 'arn:aws:logs:us-east-1:000000000000:log-group:group:*' };
    expect(
      await cloud.request('logs', 'FilterLogEvents', { ...input, interleaved: true, unmask: true }),
    ).toMatchObject({ events: [{ message: 'x' }] });
    await make({ KmsKeyId: 'arn:aws:kms:us-east-1:000000000000:key/k', Tags: [] });
  });
});

describe('the log stream name prefix of FilterLogEvents', () => {
  const folder = temporaryFolder();
  const cloud = fakeCloud(folder.path);
  afterAll(async () => {
    await cloud.close();
    folder.remove();
  });

  it('chooses the streams', async () => {
    cloud.add(logsService(cloud));
    await cloud.request('logs', 'CreateLogGroup', { logGroupName: 'g' });
    for (const logStreamName of ['a/1', 'b/1']) {
      const stream = { logGroupName: 'g', logStreamName };
      await cloud.request('logs', 'CreateLogStream', stream);
      const logEvents = [{ timestamp: Date.now(), message: logStreamName }];
      await cloud.request('logs', 'PutLogEvents', { ...stream, logEvents });
    }
    const input = { logGroupName: 'g', logStreamNamePrefix: 'b/' };
    expect(await cloud.request('logs', 'FilterLogEvents', input)).toMatchObject({
      events: [{ message: 'b/1' }],
    });
  });
});

describe('a resource policy', () => {
  const folder = temporaryFolder();
  const cloud = fakeCloud(folder.path);
  const logs = cloud.add(logsService(cloud));
  afterAll(async () => {
    await logs.stop?.();
    await cloud.close();
    folder.remove();
  });
  const resource = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/x:*';
  const policyDocument = JSON.stringify({
    Statement: [
      {
        ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Resource: resource },
        Action: 'logs:PutLogEvents',
      },
    ],
  });
  const put = (policyName: string, document = policyDocument) =>
    cloud.request('logs', 'PutResourcePolicy', { policyName, policyDocument: document });

  it('that a call has made is in force, also after a restart, until a call deletes it', async () => {
    const registered = vi.spyOn(cloud.policies, 'resource');
    expect(await put('made')).toMatchObject({ resourcePolicy: { policyName: 'made', policyDocument } });
    await logs.start?.();
    expect(registered.mock.calls.map(([id]) => id)).toEqual(['logs-policy/made', 'logs-policy/made']);
    const removed = vi.spyOn(cloud.policies, 'remove');
    await cloud.request('logs', 'DeleteResourcePolicy', { policyName: 'made' });
    expect(removed).toHaveBeenCalledWith('logs-policy/made');
    await expect(cloud.request('logs', 'DeleteResourcePolicy', { policyName: 'made' })).rejects.toMatchObject(
      {
        code: 'ResourceNotFoundException',
      },
    );
  });

  it('is refused when it is no policy, is the template’s, or is the eleventh', async () => {
    await expect(put('bad', '{')).rejects.toMatchObject({ code: 'InvalidParameterException' });
    const properties = { PolicyName: 'own', PolicyDocument: policyDocument };
    const type = 'AWS::Logs::ResourcePolicy';
    await makeResource(logs, { stackName: 'T', logicalId: 'L', type, properties, generatedName: 'own' });
    await expect(put('own')).rejects.toMatchObject({ code: 'UnsupportedOperation' });
    for (let count = 0; count < 9; count += 1) await put(`made-${count}`);
    await expect(put('one-more')).rejects.toMatchObject({ code: 'LimitExceededException' });
    await put('made-0');
  });
});
