import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Service } from '../../../../local/core/cloud.ts';
import { openStore } from '../../../../local/core/store.ts';
import { iamService } from '../../../../local/services/iam/index.ts';
import { type FakeCloud, fakeCloud, make, serve, temporaryFolder } from '../../../../local/testing.ts';

const ARN = 'arn:aws:iam::000000000000:role/chat';
const ACTION = 'events:InvokeApiDestination';
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const trusting = (Principal: object) => document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
const TRUST = trusting({ Service: 'events.amazonaws.com' });
const MAY = document({ Effect: 'Allow', Action: ACTION, Resource: '*' });

let folder: ReturnType<typeof temporaryFolder>;
let cloud: FakeCloud;
let iam: Service;
const open = async () => {
  cloud = fakeCloud(folder.path, {}, openStore(folder.path), true);
  iam = cloud.add(iamService(cloud));
};
beforeEach(async () => {
  folder = temporaryFolder();
  await open();
});
afterEach(async () => {
  await cloud.close();
  folder.remove();
});

const request = (operation: string, more: object = {}) =>
  cloud.request('iam', operation, { RoleName: 'chat', ...more });
const create = (AssumeRolePolicyDocument = TRUST) => request('CreateRole', { AssumeRolePolicyDocument });
const put = (PolicyDocument = MAY) => request('PutRolePolicy', { PolicyName: 'may', PolicyDocument });
const taken = (service: string) => cloud.assume(ARN, cloud.acting(service));
const mayInvoke = () => cloud.policies.allows(taken('events.amazonaws.com'), ACTION, 'arn:aws:events:x');

it('a role is taken up by whom it trusts and may what its policies say, after a restart too', async () => {
  expect(await create()).toMatchObject({ Role: { Arn: ARN, RoleName: 'chat', Path: '/' } });
  expect(mayInvoke()).toBe(false);
  await put();
  await cloud.close();
  await open();
  await iam.start?.();
  expect(mayInvoke()).toBe(true);
  expect(() => taken('lambda.amazonaws.com')).toThrow('sts:AssumeRole');

  await expect(request('DeleteRole')).rejects.toMatchObject({ code: 'DeleteConflict' });
  await request('DeleteRolePolicy', { PolicyName: 'may' });
  expect(mayInvoke()).toBe(false);
  await request('DeleteRole');
  expect(() => taken('events.amazonaws.com')).toThrow('cannot be assumed');
});

it('answers in the query protocol', async () => {
  const served = await serve([iam]);
  const authorization =
    'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0';
  const body = new URLSearchParams({
    Action: 'CreateRole',
    RoleName: 'chat',
    AssumeRolePolicyDocument: TRUST,
  });
  const answers = [];
  for (const _ of [1, 2]) {
    const response = await fetch(served.endpoint, { method: 'POST', headers: { authorization }, body });
    answers.push([response.status, await response.text()]);
  }
  await served.close();
  expect(answers).toEqual([
    [200, expect.stringContaining(`<Arn>${ARN}</Arn>`)],
    [409, expect.stringContaining('<Code>EntityAlreadyExists</Code>')],
  ]);
});

it.each([
  ['no JSON', '{'],
  [
    'no action of sts',
    document({ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 's3:*' }),
  ],
  ['a service that AWS has not', trusting({ Service: 'nobody.amazonaws.com' })],
  ['an account', trusting({ AWS: '000000000000' })],
  ['everybody', trusting({ AWS: '*' })],
])('refuses a trust of %s', async (_what, trust) => {
  await expect(create(trust)).rejects.toMatchObject({ code: 'MalformedPolicyDocument' });
});

it('refuses a policy of another form, one too long, and one of a role that is not there', async () => {
  await expect(put()).rejects.toMatchObject({ code: 'NoSuchEntity' });
  await create();
  await expect(put(TRUST)).rejects.toMatchObject({ code: 'MalformedPolicyDocument' });
  await expect(put(MAY.padEnd(10_241))).rejects.toMatchObject({ code: 'LimitExceeded' });
  await expect(request('DeleteRolePolicy', { PolicyName: 'may' })).rejects.toMatchObject({
    code: 'NoSuchEntity',
  });
  await expect(create()).rejects.toMatchObject({ code: 'EntityAlreadyExists' });
});

it('refuses to change a role of the template, and by its name what it does not carry out', async () => {
  await make(iam, 'AWS::IAM::Role', { RoleName: 'chat', AssumeRolePolicyDocument: JSON.parse(TRUST) });
  await expect(create()).rejects.toMatchObject({ code: 'EntityAlreadyExists' });
  await expect(put()).rejects.toMatchObject({ code: 'UnsupportedOperation' });
  await expect(request('DeleteRole')).rejects.toMatchObject({ code: 'UnsupportedOperation' });
  await expect(
    request('CreateRole', { AssumeRolePolicyDocument: TRUST, PermissionsBoundary: 'arn' }),
  ).rejects.toThrow('PermissionsBoundary');
  await expect(request('AttachRolePolicy')).rejects.toThrow('AttachRolePolicy');
});
