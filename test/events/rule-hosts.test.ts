import { describe, expect, it } from 'vitest';
import { asksForChecks, checksProblem } from '../../events/check-runs.ts';
import type { Match } from '../../events/match.ts';
import { mayTake } from '../../events/rule-hosts.ts';

describe('whether a match takes deliveries of the host github.com', () => {
  it.each<[string, Match, boolean]>([
    ['without a word of hosts', { event: ['push'] }, true],
    ['for that host', { host: ['ghes', 'github.com'] }, true],
    ['for another host', { host: ['ghes'] }, false],
    ['for hosts that begin so', { host: [{ prefix: 'github.' }] }, true],
    ['for all but that host', { host: [{ 'anything-but': 'github.com' }] }, false],
    ['by one of two ways', { $or: [{ host: ['ghes'] }, { host: ['github.com'] }] }, true],
    ['by a way that does not speak of hosts', { $or: [{ host: ['ghes'] }, { event: ['push'] }] }, true],
    ['by neither of two ways', { $or: [{ host: ['ghes'] }, { host: ['other'] }] }, false],
    ['by a way, of another host', { host: ['ghes'], $or: [{ event: ['a'] }, { event: ['b'] }] }, false],
    ['of that host, by no way', { host: ['github.com'], $or: [{ host: ['ghes'] }, { host: ['a'] }] }, false],
  ])('%s', (_title, match, takes) => {
    expect(mayTake(match, 'github.com')).toBe(takes);
  });
});

it.each<[Parameters<typeof asksForChecks>[0]['status'], boolean]>([
  [false, false],
  [true, false],
  [{}, false],
  [{ context: 'x', checks: false }, false],
  [{ context: 'x', checks: true }, true],
])('the status %j asks for check runs: %j', (status, asks) => {
  expect(asksForChecks({ status })).toBe(asks);
});

describe('the check runs of a rule', () => {
  const hosts = { 'github.com': {}, ghes: { app: true }, other: { app: false } };

  it.each<[string, Match, keyof typeof hosts | '']>([
    ['every host, of which one has an App', { event: ['push'] }, ''],
    ['the host with an App', { host: ['ghes'] }, ''],
    ['the host with an App and another', { host: ['ghes', 'other'] }, ''],
    ['no configured host, of which one has an App', { host: ['localhost'] }, ''],
    ['a host without an App', { host: ['other'] }, 'other'],
  ])('can be written, or the host without an App is named: for %s', (_title, match, named) => {
    const problem = checksProblem({ match }, hosts);
    if (named === '') expect(problem).toBeUndefined();
    else expect(problem).toContain(`the credential of ${named} may be none: say "app": true of the host`);
  });

  it('can be written by none of two hosts, both of which are named', () => {
    const problem = checksProblem({ match: { host: ['github.com', 'other'] } }, hosts);
    expect(problem).toContain('the credential of github.com, other may be none');
  });

  it('of the built-in host alone need an App of a configured host', () => {
    const problem = checksProblem({ match: { host: ['localhost'] } }, { 'github.com': {} });
    expect(problem).toContain('the credential of github.com may be none');
  });
});
