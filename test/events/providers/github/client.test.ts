import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostApi } from '../../../../events/provider.ts';
import { administration } from '../../../../events/providers/github/administration.ts';
import { startTlsApi, type TlsApi } from '../../../support/api-over-tls.ts';
import { authority, otherAuthority } from '../../../support/certificates/certificates.ts';

let server: TlsApi;
beforeAll(async () => {
  server = await startTlsApi();
});
afterAll(() => server.close());

const api = (ca?: string, url = server.url): HostApi => ({ host: 'ghes', url, token: 'token', ca });
const SET =
  'the certificate of ghes is not signed by a known authority: set hosts.ghes.ca in cdk.json to the certificate of its authority, and deploy';
const CORRECT =
  'the certificate of ghes is not signed by a known authority: hosts.ghes.ca in cdk.json has another authority: correct it, and deploy';

describe('the API of a host whose certificate a private authority has signed', () => {
  it('answers whoever has the authority: about the token, the webhooks and the senders', async () => {
    expect(await administration.checkToken(api(authority))).toMatchObject({ result: 'ok' });
    expect(await administration.hooks(api(authority), 'acme/app').list()).toEqual([]);
    expect(await administration.senders(api(authority))).toEqual([]);
    expect(server.requests).toEqual([
      'GET /rate_limit',
      'GET /repos/acme/app/hooks?per_page=100',
      'GET /meta',
    ]);
  });

  it.each([
    ['without the authority', undefined, SET],
    ['with another authority', otherAuthority, CORRECT],
  ])('is not asked %s, and each call says what to do', async (_title, ca, message) => {
    const asked = server.requests.length;
    const found = await administration.checkToken(api(ca));
    expect(found).toMatchObject({ result: 'failed', message: expect.stringMatching(/^HostUntrusted: /) });
    expect(`${found.message}: ${'advice' in found && found.advice}`).toBe(`HostUntrusted: ${message}`);
    const untrusted = { name: 'HostUntrusted', message };
    await expect(administration.hooks(api(ca), 'acme').list()).rejects.toMatchObject(untrusted);
    await expect(administration.senders(api(ca))).rejects.toMatchObject(untrusted);
    expect(server.requests.length).toBe(asked);
  });

  it('is not trusted as another host by what one host is trusted for', async () => {
    await administration.senders(api(authority));
    const other = api(undefined, server.url.replace('127.0.0.1', 'localhost'));
    await expect(administration.senders(other)).rejects.toMatchObject({ name: 'HostUntrusted' });
  });
});
