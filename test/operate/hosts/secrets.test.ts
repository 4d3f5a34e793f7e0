import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fakeService, type Served, serve } from '../../../local/testing.ts';
import type { Connection } from '../../../operate/connection/connection.ts';
import { setApp } from '../../../operate/hosts/apps.ts';
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
    outputs: { webhookSecretArn: 'webhook', hostsParameter: 'hosts', appsSecretArn: 'apps' },
    ssm: new SSMClient(access),
    secrets: new SecretsManagerClient(access),
  } as unknown as Connection;
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
    apps: '{}',
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

  it('is neither read nor set where its secret is no JSON, of which no word is told', async () => {
    secrets.webhook = secrets.ghes = 'ghp_secret';
    for (const [refused, arn] of [
      [secretsSet(connection), 'webhook'],
      [setSecret(connection, 'ghes.example.com', 'token', 'new'), 'ghes'],
    ] as const) {
      const error = await refused.catch((thrown: unknown) => thrown);
      expect(inspect(error)).toContain(
        `the secret ${arn} is not JSON: write an object with a member per host`,
      );
      expect(inspect(error)).not.toContain('ghp_');
    }
    expect(secrets.ghes).toBe('ghp_secret');
  });

  it('is not set for a host of an older release’s stack', async () => {
    await expect(setSecret(connection, 'bare', 'token', 'x')).rejects.toThrow(
      'the host bare has no secret for its credential: deploy the stack again, which makes one',
    );
  });
});

describe('the App of a host', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const set = (privateKey: string, id = '123') => setApp(connection, 'github.com', { id, privateKey });

  it('takes the place of the token, its key with the line ends of Unix', async () => {
    await expect(set(pem.replaceAll('\n', '\r\n'))).resolves.toEqual([
      'the line ends of Windows became those of Unix',
    ]);
    expect(read('apps')).toEqual({ 'github.com': { id: '123', privateKey: pem } });
    expect(read('credentials')).toMatchObject({ 'github.com': { app: true } });
    expect((await secretsSet(connection))['github.com']).toEqual(['webhook', 'app']);
  });

  it('goes, with its key, when a token is set', async () => {
    await expect(set(pem, 'Iv23liABC')).resolves.toEqual([]);
    await setSecret(connection, 'github.com', 'token', 'again');
    expect(read('apps')).toEqual({});
    expect((await secretsSet(connection))['github.com']).toEqual(['webhook', 'token']);
  });

  it.each([
    ['a public key', rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'is no private key'],
    ['half of a key', pem.slice(0, 200), 'is no private key'],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'is one of ed25519, and the host takes RSA',
    ],
  ])('is not %s', async (_, key, words) => {
    const refused = await set(key).catch((error: Error) => error.message);
    expect(refused).toContain(words);
    expect(refused).not.toContain('BEGIN');
    expect(read('apps')).toEqual({});
  });

  it('has an id, and a deployment with a secret for it', async () => {
    await expect(set(pem, 'my app')).rejects.toThrow('"my app" is not the id of an App');
    const outputs = { ...connection.outputs, appsSecretArn: undefined };
    const older = { ...connection, outputs } as unknown as Connection;
    await expect(setApp(older, 'github.com', { id: '1', privateKey: pem })).rejects.toThrow(
      'say "app": true of the host github.com in cdk.json, and deploy',
    );
  });
});
