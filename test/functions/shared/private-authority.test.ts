import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeStatus } from '../../../functions/shared/commit-status.ts';
import { startTlsApi, type TlsApi } from '../../support/api-over-tls.ts';
import { authority, otherAuthority } from '../../support/certificates/certificates.ts';
import { type Aws, startAws } from '../../support/functions/pull-aws.ts';

let aws: Aws;
let server: TlsApi;
beforeAll(async () => {
  [aws, server] = await Promise.all([startAws(), startTlsApi()]);
  const host = { provider: 'github', url: server.url };
  aws.hosts = { known: { ...host, ca: authority }, unknown: host, wrong: { ...host, ca: otherAuthority } };
  aws.credentials = { known: { token: 'a' }, unknown: { token: 'b' }, wrong: { token: 'c' } };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    HOSTS_PARAMETER: 'hosts',
  });
});
afterAll(async () => {
  await Promise.all([aws?.close(), server?.close()]);
});

const write = (host: string) =>
  writeStatus(host, {
    repository: 'acme/app',
    commit: 'c0ffee',
    state: 'success',
    description: 'done',
    context: 'hookline/default',
    targetUrl: 'https://console.test/1',
  });

describe('a commit status for a host whose certificate a private authority has signed', () => {
  it('is written when `ca` has the authority', async () => {
    expect(await write('known')).toEqual({ status: 'written', reason: '' });
    expect(server.requests).toEqual(['POST /api/v3/repos/acme/app/statuses/c0ffee']);
  });

  it.each([
    ['unknown', 'set hosts.unknown.ca in cdk.json to the certificate of its authority, and deploy'],
    ['wrong', 'hosts.wrong.ca in cdk.json has another authority: correct it, and deploy'],
  ])('is refused by name for a host that is %s, and not tried again', async (host, advice) => {
    const before = server.connections;
    expect(await write(host)).toEqual({
      status: 'refused',
      reason: `HostUntrusted: the certificate of ${host} is not signed by a known authority: ${advice}`,
    });
    expect(server.connections).toBe(before + 1);
    expect(server.requests).toHaveLength(1);
  });
});
