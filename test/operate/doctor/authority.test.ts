import { describe, expect, it } from 'vitest';
import { checkAuthority } from '../../../operate/doctor/authority.ts';
import { authority, expiredAuthority } from '../../support/certificates/certificates.ts';

describe('the certificates of a private authority', () => {
  it('are trusted until the first of them expires', () => {
    const { result, message } = checkAuthority('ghes', authority);
    expect([result, message]).toEqual([
      'ok',
      'the certificate of "CN=Hookline test authority: authority" is trusted at this host until 2120-01-01',
    ]);
  });

  it('are told of when they expire within a month, and when they have', () => {
    const both = authority + expiredAuthority;
    const advice = expect.stringContaining('give hosts.ghes.ca in cdk.json');
    expect(checkAuthority('ghes', both)).toMatchObject({ result: 'failed', advice });
    const before = checkAuthority('ghes', both, Date.parse('2020-12-15'));
    expect(before).toMatchObject({ result: 'warning', advice });
    expect(before.message).toMatch(/"CN=Hookline test authority: expired" expires on 2021-01-01$/);
    expect(checkAuthority('ghes', both, Date.parse('2020-11-15'))).toMatchObject({ result: 'ok' });
  });
});
