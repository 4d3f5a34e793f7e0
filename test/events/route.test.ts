import { describe, expect, it } from 'vitest';
import { decideRoute } from '../../events/route.ts';

const delivery = { provider: 'github', host: 'github.com', id: '1' } as const;
const main = 'refs/heads/main';
const rule = { asksFor: ['create'], paths: ['src/**'] };

describe('the decision of a rule on a delivery that it has matched', () => {
  it.each([
    [{ event: 'ping' }, undefined, 'ping', 'a ping asks for nothing'],
    [{ event: 'watch' }, undefined, 'ignored', 'the event watch names neither a branch nor a tag'],
    [
      { event: 'push', ref: 'refs/pull/1/head' },
      undefined,
      'ignored',
      'refs/pull/1/head is neither a branch nor a tag',
    ],
    [
      { event: 'delete', ref: main, deleted: true },
      undefined,
      'ignored',
      'the rule does not ask for the event delete: match.event does not name it',
    ],
    [{ event: 'create', ref: main }, undefined, 'pull', 'the rule asks for the event create'],
    [{ event: 'push', ref: main, deleted: true }, ['README.md'], 'retire', 'refs/heads/main is deleted'],
    [{ event: 'push', ref: main }, ['README.md'], 'ignored', 'no changed file matches src/**'],
    [{ event: 'push', ref: main }, ['src/a'], 'pull', 'the changed file src/a matches src/**'],
    [
      { event: 'push', ref: main },
      undefined,
      'pull',
      'the payload does not list the files: the filter passes',
    ],
  ])('on %j that changed %j is %s: %s', (members, changed, route, reason) => {
    expect(decideRoute(rule, { ...delivery, ...members }, changed)).toMatchObject({ route, reason });
  });

  it('is a pull of a push, where no filter stands in the way', () => {
    const push = { ...delivery, event: 'push', ref: main };
    expect(decideRoute({ asksFor: [] }, push, ['README.md'])).toEqual({
      route: 'pull',
      reason: 'it is a push to refs/heads/main',
      byPaths: false,
    });
  });
});
