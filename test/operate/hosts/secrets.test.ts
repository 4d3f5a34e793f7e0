import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fakeService, type Served, serve } from '../../../local/testing.ts';
import type { Connection } from '../../../operate/connection/connection.ts';
import { secretsSet, setSecret } from '../../../operate/hosts/secrets.ts';

const hosts = {
  'github.com': { provider: 'github', url: 'https://github.com', credentialSecret: 'credentials' },
  'ghes.example.com': { provider: 'github', url: 'https://ghes.example.com', credentialSecret: 'ghes' },
  // As `hookline up` adds it: with a secret of another host.
  localhost: { provider: 'github', url: 'http://localhost', credentialSecret: 'credentials' },
  bare: { provider: 'github', url: 'https://bare.example.com' },
};
const inputSchema = z.object({ SecretId: z.string(), SecretString: z.string().default('{}') });

let secrets: Record<string, string>;
let served: Served;
let connection: Connection;
beforeAll(async () => {
  served = await serve([
    fakeService('ssm', { GetParameter: () => ({ Parameter: { Value: JSON.stringify(hosts) } }) }),
    fakeService('secretsmanager', {
      GetSecretValue: (input) => ({ SecretString: secrets[inputSchema.parse(input).SecretId] }),
      PutSecretValue: (input) => {
        const { SecretId, SecretString } = inputSchema.parse(input);
        secrets[SecretId] = SecretString;
        return {};
      },
    }),
  ]);
  const access = {
    endpoint: served.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  };
  connection = {
    outputs: { webhookSecretArn: 'webhook', hostsParameter: 'hosts' },
    ssm: new SSMClient(access),
    secrets: new SecretsManagerClient(access),
  } as Partial<Connection> as Connection;
});
afterAll(() => served?.close());
beforeEach(() => {
  secrets = {
    webhook: JSON.stringify({ 'github.com': 's' }),
    // As a release before left it: with the credentials of every host.
    credentials: JSON.stringify({
      'github.com': { token: 'one' },
      'ghes.example.com': { token: 'old' },
      localhost: { token: 'two' },
    }),
    ghes: '{}',
  };
});

const read = (name: string): unknown => JSON.parse(secrets[name] ?? '');

describe('the credential of a host', () => {
  it('is kept in the secret of the host', async () => {
    await setSecret(connection, 'ghes.example.com', 'token', 'new\n');
    await setSecret(connection, 'ghes.example.com', 'username', 'me');
    expect(read('ghes')).toEqual({ 'ghes.example.com': { token: 'new', username: 'me' } });
  });

  it('takes that of a host which has a secret of its own out of the secret, and of no other', async () => {
    await setSecret(connection, 'github.com', 'token', 'new');
    expect(read('credentials')).toEqual({ 'github.com': { token: 'new' }, localhost: { token: 'two' } });
  });

  it('is listed as it stands in the secret of the host', async () => {
    expect(await secretsSet(connection)).toEqual({
      'github.com': ['webhook', 'token'],
      'ghes.example.com': [],
      localhost: ['token'],
      bare: [],
    });
  });

  it('is not set for a host of an older release’s stack', async () => {
    await expect(setSecret(connection, 'bare', 'token', 'x')).rejects.toThrow(
      'the host bare has no secret for its credential: deploy the stack again, which makes one',
    );
  });
});
