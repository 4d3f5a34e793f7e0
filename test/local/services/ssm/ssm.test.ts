import { afterEach, beforeEach, expect, it } from 'vitest';
import { ssmService } from '../../../../local/services/ssm/index.ts';
import { type FakeCloud, fakeCloud, make, temporaryFolder } from '../../../../local/testing.ts';

let folder: ReturnType<typeof temporaryFolder>;
let cloud: FakeCloud;
const provision = (Value: string) =>
  make(cloud.add(ssmService(cloud)), 'AWS::SSM::Parameter', { Type: 'String', Value }, 'Stack-Hosts-1');
const value = async (Name = 'Stack-Hosts-1') => {
  const { Parameter } = (await cloud.request('ssm', 'GetParameter', { Name })) as { Parameter: object };
  return Parameter;
};
const put = (Value: string, Overwrite = true) =>
  cloud.request('ssm', 'PutParameter', { Name: 'Stack-Hosts-1', Type: 'String', Value, Overwrite });

beforeEach(() => {
  folder = temporaryFolder();
  cloud = fakeCloud(folder.path);
});
afterEach(async () => {
  await cloud.close();
  folder.remove();
});

it('answers by name and ARN', async () => {
  await provision('{}');
  const ARN = 'arn:aws:ssm:us-east-1:000000000000:parameter/Stack-Hosts-1';
  expect(await value()).toMatchObject({ Name: 'Stack-Hosts-1', Value: '{}', Version: 1, ARN });
  expect(await value(ARN)).toMatchObject({ Name: 'Stack-Hosts-1', Value: '{}', ARN });
});

it('keeps what was put until the template says something else, as CloudFormation does', async () => {
  await provision('a');
  await put('b');
  await provision('a');
  expect(await value()).toMatchObject({ Value: 'b', Version: 2 });
  await provision('c');
  expect(await value()).toMatchObject({ Value: 'c', Version: 3 });
});

it('refuses an unknown name, a second put without Overwrite, and a value over 4 KB', async () => {
  await provision('a');
  await expect(value('other')).rejects.toMatchObject({ code: 'ParameterNotFound' });
  await expect(put('b', false)).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
  await expect(put('x'.repeat(4097))).rejects.toMatchObject({ code: 'ValidationException' });
});

it('takes up to 8 KB in the advanced tier, from which no parameter goes back', async () => {
  await provision('a');
  const tiered = (Tier: string, length: number) =>
    cloud.request('ssm', 'PutParameter', {
      Name: 'Stack-Hosts-1',
      Value: 'x'.repeat(length),
      Overwrite: true,
      Tier,
    });
  expect(await tiered('Advanced', 8192)).toMatchObject({ Tier: 'Advanced' });
  await expect(tiered('Advanced', 8193)).rejects.toMatchObject({ code: 'ValidationException' });
  await expect(tiered('Standard', 1)).rejects.toMatchObject({ code: 'ValidationException' });
  expect(await put('y'.repeat(5000))).toMatchObject({ Tier: 'Advanced' });
});

it.each<[string, object]>([
  ['DescribeParameters', { ParameterFilters: [{ Key: 'Name', Values: ['none'] }] }],
  ['DescribeParameters', { MaxResults: 1 }],
  ['PutParameter', { Name: 'other', Value: 'a', AllowedPattern: 'b' }],
  ['PutParameter', { Name: 'other', Value: 'a', Tags: [] }],
])('refuses what it does not carry out: %s %j', async (operation, input) => {
  await provision('a');
  await expect(cloud.request('ssm', operation, input)).rejects.toMatchObject({
    code: 'UnsupportedOperation',
  });
  await expect(value('other')).rejects.toMatchObject({ code: 'ParameterNotFound' });
});

it('answers a client that asks for decryption, as there is none', async () => {
  await provision('a');
  expect(
    await cloud.request('ssm', 'GetParameter', { Name: 'Stack-Hosts-1', WithDecryption: true }),
  ).toMatchObject({ Parameter: { Value: 'a' } });
});

it.each([
  ['a b', {}],
  ['aws-mine', {}],
  ['/AWS/mine', {}],
  ['ssm', {}],
  ['folder/name', {}],
  ['/a//b', {}],
  [`/${Array.from({ length: 16 }, () => 'a').join('/')}`, {}],
  ['other', { Type: 'Text' }],
  ['other', { Value: '' }],
])('refuses the parameter %s %j, as AWS does', async (Name, more) => {
  const ssm = cloud.add(ssmService(cloud));
  const parameter = { Name, Type: 'String', Value: 'a', ...more };
  const refused = { code: 'ValidationException' };
  await expect(cloud.request('ssm', 'PutParameter', parameter)).rejects.toMatchObject(refused);
  await expect(make(ssm, 'AWS::SSM::Parameter', parameter)).rejects.toMatchObject(refused);
});

it.each(['a', '/a', '/a/b.c_d-e', '/my/aws'])('takes the name %s', async (Name) => {
  await make(cloud.add(ssmService(cloud)), 'AWS::SSM::Parameter', { Name, Type: 'StringList', Value: 'a,b' });
  expect(await value(Name)).toMatchObject({ Name, Type: 'StringList' });
});
