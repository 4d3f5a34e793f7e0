import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR } from '../../../../local/core/account-and-region.ts';
import { createServer } from '../../../../local/http/server.ts';
import { stsService } from '../../../../local/services/sts/index.ts';
import { asAdministrator, type FakeCloud, fakeCloud, temporaryFolder } from '../../../../local/testing.ts';

const folder = temporaryFolder();
let cloud: FakeCloud;
let client: STSClient;
let close: () => Promise<void>;

beforeAll(async () => {
  cloud = fakeCloud(folder.path);
  const service = cloud.add(stsService(cloud));
  const app = createServer({
    services: () => [service],
    authenticate: asAdministrator,
    ready: Promise.resolve(),
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  client = new STSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 's' },
  });
  close = async () => {
    client.destroy();
    await app.close();
    await cloud.close();
  };
});
afterAll(async () => {
  await close();
  folder.remove();
});

describe('STS', () => {
  it('says who calls, in the query protocol', async () => {
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '000000000000',
      Arn: ADMINISTRATOR,
    });
  });

  it('hands out credentials of a role', async () => {
    const RoleArn = 'arn:aws:iam::000000000000:role/pull';
    const { Credentials, AssumedRoleUser } = await client.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', DurationSeconds: 900 }),
    );
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/pull/me');
    expect(Credentials?.AccessKeyId).toBeTruthy();
    expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 800_000);
  });

  it.each([{ DurationSeconds: 899 }, { DurationSeconds: 43_201 }, { RoleSessionName: 'a b' }])(
    'refuses %j',
    async (more) => {
      const RoleArn = 'arn:aws:iam::000000000000:role/pull';
      const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', ...more });
      await expect(client.send(assume)).rejects.toMatchObject({ name: 'ValidationError' });
    },
  );

  it.each([
    ['AssumeRole', { RoleArn: 'arn', RoleSessionName: 'me', Policy: '{}' }, 'Policy'],
    ['GetCallerIdentity', { MadeUp: '1' }, 'MadeUp'],
  ])('refuses a member of %s that is not carried out', async (operation, input, member) => {
    await expect(cloud.request('sts', operation, input)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(`the members ${member} of sts:${operation}`),
    });
  });
});
