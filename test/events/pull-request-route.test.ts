import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../events/delivery.ts';
import { deliveryFor, isOfRequest } from '../../events/pull-request-route.ts';

const [HEAD, PUSHED] = ['1'.repeat(40), '2'.repeat(40)];
const request = (fork: boolean): Delivery => ({
  provider: 'github',
  host: 'github.com',
  id: '1',
  event: 'pull_request',
  ref: 'refs/heads/topic',
  commit: PUSHED,
  pullRequest: {
    number: 12,
    action: 'opened',
    draft: false,
    merged: false,
    fork,
    head: { ref: 'topic', commit: HEAD, repository: 'acme/app' },
    base: 'main',
  },
});
const rule = (of: 'head' | 'merge', forks: 'never' | 'approved', asksFor = ['pull_request']) => ({
  asksFor,
  'pull-request': { of, forks, drafts: false },
});

describe('the ref that a rule builds of a pull request', () => {
  it.each([
    ['of the repository, by its head', rule('head', 'never'), false, 'refs/heads/topic', PUSHED],
    [
      'of the repository, by a rule that says nothing',
      { asksFor: ['pull_request'] },
      false,
      'refs/heads/topic',
      PUSHED,
    ],
    [
      'of the repository, as it would be merged',
      rule('merge', 'never'),
      false,
      'refs/pull/12/merge',
      undefined,
    ],
    ['of a fork that is approved, by its head', rule('head', 'approved'), true, 'refs/pull/12/head', HEAD],
    ['of a fork, as it would be merged', rule('merge', 'approved'), true, 'refs/pull/12/merge', undefined],
    ['of a fork that the rule never builds', rule('merge', 'never'), true, 'refs/heads/topic', PUSHED],
    [
      'that the rule does not ask for',
      rule('merge', 'approved', ['push']),
      false,
      'refs/heads/topic',
      PUSHED,
    ],
  ])('%s', (_title, of, fork, ref, commit) => {
    const delivery = deliveryFor(of, request(fork));
    expect({ ref: delivery.ref, commit: delivery.commit }).toEqual({ ref, commit });
    expect(delivery.pullRequest).toEqual(request(fork).pullRequest);
  });
});

it.each<[string, readonly string[], Partial<Delivery>, boolean]>([
  ['a request that the rule asks for', ['pull_request'], {}, true],
  ['a request that the rule does not ask for', ['push'], {}, false],
  ['an approval', ['pull_request'], { pullRequest: undefined, approval: { number: 1, commit: '' } }, true],
  ['neither', ['pull_request'], { pullRequest: undefined }, false],
])('a rule decides as on a pull request, or not: on %s', (_title, asksFor, members, is) => {
  expect(isOfRequest({ asksFor: [...asksFor] }, { ...request(false), ...members })).toBe(is);
});
