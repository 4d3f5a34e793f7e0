import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { certificatesOf, expiryOf, isPem, ownerOf } from '../../events/certificates.ts';
import { authority, expiredAuthority, host, otherAuthority } from '../support/certificates/certificates.ts';

const BROKEN = '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n';

describe('the ca of a host', () => {
  it.each([
    ['a PEM file', authority, true],
    ['a PEM file with words before', `# ours\n${authority}`, true],
    ['a path', 'certificates/BEGIN.pem', false],
    ['nothing', '', false],
  ])('is the text of a PEM file or none: %s', (_title, ca, is) => {
    expect(isPem(ca)).toBe(is);
  });
});

describe('the certificates of a PEM file', () => {
  const owners = (pem: string): string[] => certificatesOf(pem).map(ownerOf);
  const [one = '', other = ''] = [authority, otherAuthority].map((pem) => owners(pem)[0]);

  it('are each of them, in their order, whatever stands between', () => {
    expect(one).not.toBe(other);
    expect(owners(`a\n${authority}b\n${otherAuthority}c`)).toEqual([one, other]);
    expect(owners(`${otherAuthority}${authority}`)).toEqual([other, one]);
    expect(owners(authority.replaceAll('\n', '\r\n'))).toEqual([one]);
  });

  it('are none where the file has no certificate', () => {
    expect(certificatesOf('')).toEqual([]);
    expect(certificatesOf(String(host.key))).toEqual([]);
  });

  it('must each be readable: the broken one is told by its place', () => {
    expect(() => certificatesOf(`${authority}${BROKEN}`)).toThrow(
      expect.objectContaining({
        message: 'certificate 2 of it cannot be read: copy it anew',
        cause: expect.any(Error),
      }),
    );
    expect(() => certificatesOf(BROKEN)).toThrow('certificate 1 of it');
  });
});

describe('what is said of a certificate', () => {
  const only = (pem: string) => certificatesOf(pem).map((each) => [ownerOf(each), expiryOf(each)]);

  it('is whose it is, and the day of its end', () => {
    expect(only(authority)).toEqual([['CN=Hookline test authority: authority', '2120-01-01']]);
    expect(only(expiredAuthority)).toEqual([['CN=Hookline test authority: expired', '2021-01-01']]);
  });

  it('is the last part of a subject that names country and organisation first', () => {
    const roots = rootCertificates.flatMap(certificatesOf);
    const named = roots.filter(({ subject }) => /\n.*\nCN=[^\n]+$/.test(subject));
    expect(named.length).toBeGreaterThan(10);
    for (const root of named) expect(ownerOf(root)).toBe(/CN=.*$/.exec(root.subject)?.[0]);
  });
});
