import { describe, expect, it } from 'vitest';
import { faultAdvice, untrusted } from '../../../events/providers/certificate-fault.ts';

const failed = (code: string): Error =>
  new Error('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
const trust = { host: 'ghes', hasAuthority: false };

describe('an error of a request', () => {
  const AUTHORITY = 'the certificate of ghes is not signed by a known authority';

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', AUTHORITY],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', AUTHORITY],
    ['UNABLE_TO_GET_ISSUER_CERT', AUTHORITY],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', AUTHORITY],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', AUTHORITY],
    ['CERT_SIGNATURE_FAILURE', AUTHORITY],
    ['CERT_HAS_EXPIRED', 'the certificate of ghes has expired, or that of its authority has'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'the certificate of ghes is for other names than the one in its address',
    ],
  ])('by %s is one of trust', (code, fault) => {
    const error = failed(code);
    expect(untrusted(error, trust)).toMatchObject({ name: 'HostUntrusted', fault, cause: error });
  });

  it.each([failed('ECONNREFUSED'), new Error('x'), 'text', undefined])('is none of trust: %s', (error) => {
    expect(untrusted(error, trust)).toBeUndefined();
  });
});

it.each<[Parameters<typeof faultAdvice>[0], Parameters<typeof faultAdvice>[1], string]>([
  ['name', trust, 'correct its url in cdk.json, or give the host a certificate for this name'],
  ['expired', trust, 'renew it on the host, and hosts.ghes.ca in cdk.json if it has that authority'],
  ['expired', undefined, 'renew it on the host'],
  ['authority', undefined, 'Hookline trusts a private authority for a configured host alone'],
  ['authority', trust, 'set hosts.ghes.ca in cdk.json to the certificate of its authority, and deploy'],
  [
    'authority',
    { ...trust, hasAuthority: true },
    'hosts.ghes.ca in cdk.json has another authority: correct it, and deploy',
  ],
])('of the fault %s, where %j is configured, the next step is: %s', (fault, of, advice) => {
  expect(faultAdvice(fault, of)).toBe(advice);
});
