import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretsManagerService } from '../../../../local/services/secrets-manager/index.ts';
import { type FakeCloud, fakeCloud, make, temporaryFolder } from '../../../../local/testing.ts';

let folder: ReturnType<typeof temporaryFolder>;
let cloud: FakeCloud;
const provision = (properties: object) =>
  make(cloud.add(secretsManagerService(cloud)), 'AWS::SecretsManager::Secret', properties, 'Stack-Secret-1');
const get = (input: object) => cloud.request('secretsmanager', 'GetSecretValue', input);

beforeEach(() => {
  folder = temporaryFolder();
  cloud = fakeCloud(folder.path);
});
afterEach(async () => {
  await cloud.close();
  folder.remove();
});

describe('a secret of the template', () => {
  it('has the declared value, by name, ARN and partial ARN', async () => {
    const made = await provision({ SecretString: '{}' });
    const ref = made?.ref ?? '';
    expect(ref).toMatch(/:secret:Stack-Secret-1-[0-9a-f]{6}$/);
    for (const SecretId of [ref, ref.slice(0, -7), 'Stack-Secret-1'])
      expect(await get({ SecretId })).toMatchObject({ SecretString: '{}', VersionStages: ['AWSCURRENT'] });
  });

  it('keeps what was put through the next start', async () => {
    await provision({ SecretString: 'first' });
    await cloud.request('secretsmanager', 'PutSecretValue', {
      SecretId: 'Stack-Secret-1',
      SecretString: 'second',
    });
    await cloud.close();
    cloud = fakeCloud(folder.path);
    await provision({ SecretString: 'first' });
    expect(await get({ SecretId: 'Stack-Secret-1' })).toMatchObject({ SecretString: 'second' });
    expect(await get({ SecretId: 'Stack-Secret-1', VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'first',
    });
  });

  it('has its value wherever a kill or a full disk comes as it is made', async () => {
    const made = provision({ SecretString: '{}' });
    // Nothing is written any more after what has begun.
    cloud.disk.full = true;
    await made.catch(() => undefined);
    await cloud.close();
    cloud = fakeCloud(folder.path);
    cloud.add(secretsManagerService(cloud));
    expect(await get({ SecretId: 'Stack-Secret-1' })).toMatchObject({ SecretString: '{}' });
  });

  it('gets its value where a kill of an earlier release has left it without one', async () => {
    const secrets = cloud.store.collection<object>('secretsmanager/secrets');
    await secrets.put('Stack-Secret-1', { arn: 'arn', name: 'Stack-Secret-1', versions: [] });
    await provision({ SecretString: '{}' });
    expect(await get({ SecretId: 'Stack-Secret-1' })).toMatchObject({ SecretString: '{}' });
  });

  it('is made up where the template asks for it', async () => {
    const GenerateSecretString = {
      SecretStringTemplate: '{"user":"a"}',
      GenerateStringKey: 'password',
      ExcludePunctuation: true,
    };
    await provision({ GenerateSecretString });
    const { SecretString } = (await get({ SecretId: 'Stack-Secret-1' })) as { SecretString: string };
    expect(JSON.parse(SecretString)).toEqual({
      user: 'a',
      password: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    });
  });
});

it('refuses an unknown secret and an unknown stage, naming them', async () => {
  await provision({});
  await expect(get({ SecretId: 'nothing' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: expect.stringContaining('nothing'),
  });
  await expect(get({ SecretId: 'Stack-Secret-1' })).rejects.toThrow('AWSCURRENT');
});

it('takes a repeated put of the same version once, and refuses another value for it', async () => {
  await provision({ SecretString: 'a' });
  const put = (SecretString: string) =>
    cloud.request('secretsmanager', 'PutSecretValue', {
      SecretId: 'Stack-Secret-1',
      SecretString,
      ClientRequestToken: 'the-same-token-of-32-characters-',
    });
  await put('b');
  await put('b');
  expect(await get({ SecretId: 'Stack-Secret-1', VersionStage: 'AWSPREVIOUS' })).toMatchObject({
    SecretString: 'a',
  });
  await expect(put('c')).rejects.toMatchObject({ code: 'ResourceExistsException' });
});

it.each<[string, object]>([
  ['PutSecretValue', { SecretId: 'Stack-Secret-1', SecretString: 'b', VersionStages: ['AWSPENDING'] }],
  ['PutSecretValue', { SecretId: 'Stack-Secret-1', SecretString: 'b', RotationToken: 'x' }],
  ['UpdateSecret', { SecretId: 'Stack-Secret-1', SecretString: 'b', Description: 'new' }],
  ['CreateSecret', { Name: 'other', SecretString: 'b', Tags: [] }],
  ['ListSecrets', { Filters: [{ Key: 'name', Values: ['none'] }] }],
  ['ListSecrets', { MaxResults: 1 }],
  ['ListSecretVersionIds', { SecretId: 'Stack-Secret-1', MaxResults: 1 }],
])('refuses what it does not carry out, and does nothing: %s %j', async (operation, input) => {
  await provision({ SecretString: 'a' });
  await expect(cloud.request('secretsmanager', operation, input)).rejects.toMatchObject({
    code: 'UnsupportedOperation',
  });
  expect(await get({ SecretId: 'Stack-Secret-1' })).toMatchObject({ SecretString: 'a' });
  expect(await cloud.request('secretsmanager', 'ListSecrets')).toMatchObject({
    SecretList: [{ Name: 'Stack-Secret-1' }],
  });
});

it('makes the version of a new secret and of the current stage by the token that an SDK sends', async () => {
  cloud.add(secretsManagerService(cloud));
  const token = { ClientRequestToken: 'the-first-token-of-32-characters' };
  await cloud.request('secretsmanager', 'CreateSecret', { Name: 'new', SecretString: 'a', ...token });
  expect(await get({ SecretId: 'new' })).toMatchObject({ VersionId: 'the-first-token-of-32-characters' });
  const put = { SecretId: 'new', SecretString: 'b', VersionStages: ['AWSCURRENT'] };
  await cloud.request('secretsmanager', 'PutSecretValue', put);
  expect(await get({ SecretId: 'new' })).toMatchObject({ SecretString: 'b' });
});

it('refuses a property of a secret that it does not carry out', async () => {
  await expect(provision({ ReplicaRegions: [] })).rejects.toThrow(
    'the members ReplicaRegions of AWS::SecretsManager::Secret',
  );
});

it.each([
  { Name: 'a b' },
  { Name: 'a#b' },
  { Name: 'x'.repeat(513) },
  { SecretString: '' },
  { SecretString: 'ü'.repeat(32_769) },
  { ClientRequestToken: 'short' },
])('refuses what AWS refuses of a secret: %j', async (given) => {
  const secrets = cloud.add(secretsManagerService(cloud));
  const secret = { Name: 'new', SecretString: 'a', ...given };
  await expect(cloud.request('secretsmanager', 'CreateSecret', secret)).rejects.toMatchObject({
    code: 'InvalidParameterException',
  });
  if (!('ClientRequestToken' in given))
    await expect(make(secrets, 'AWS::SecretsManager::Secret', secret)).rejects.toThrow(
      Object.keys(given).join(),
    );
});

it('takes a value of 64 KB', async () => {
  cloud.add(secretsManagerService(cloud));
  const SecretString = 'x'.repeat(65_536);
  await cloud.request('secretsmanager', 'CreateSecret', { Name: '/a+b=.@-_', SecretString });
  expect(await get({ SecretId: '/a+b=.@-_' })).toMatchObject({ SecretString });
});
