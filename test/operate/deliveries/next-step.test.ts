import { describe, expect, it } from 'vitest';
import { nextStepOf } from '../../../operate/deliveries/next-step.ts';

const row = {
  ...{ host: 'github.com', deliveryId: '4f3a21c0', outcome: 'PullFailed', error: '' },
  ...{ event: 'push', repository: 'acme/site', ref: 'refs/heads/main', receivedAt: '2026-01-31T09:00:00Z' },
};

describe('the next step of a delivery', () => {
  it.each([
    [
      { error: 'CredentialRefused' },
      ['hookline secret set github.com token', 'hookline redeliver 4f3a21c0 --watch'],
    ],
    [{ error: 'CommitUnreachable' }, []],
    [{ error: 'DiskFull' }, ['hookline redeliver 4f3a21c0 --watch']],
    [{ outcome: 'Stopped' }, ['hookline redrive 4f3a21c0 --watch']],
  ])('%j: %j', (given, commands) => {
    expect(nextStepOf({ ...row, ...given })?.commands).toEqual(commands);
  });

  it('of one whose rule is gone begins with what its error names, and a deploy', () => {
    const gone = nextStepOf({ ...row, outcome: 'Failed', error: 'Misconfigured' });
    expect(gone?.words).toBe(
      'mend what the error names and deploy: it then goes on at the state where it ended',
    );
    expect(gone?.commands).toEqual(['hookline redrive 4f3a21c0 --watch']);
    expect(nextStepOf({ ...row, outcome: 'Failed', error: 'States.Runtime' })?.words).not.toContain('deploy');
  });

  it('of a malformed one is to mend what was wrong: the match of its rule, or what the host sends', () => {
    const malformed = nextStepOf({ ...row, outcome: 'Malformed' });
    expect(malformed?.words).toMatch(
      /mend the rule's match, deploy it, .*"hookline redeliver 4f3a21c0 --watch".* have the host send/,
    );
    expect(malformed?.commands).toEqual([]);
  });

  it('is none when all is well', () => {
    expect(nextStepOf({ ...row, outcome: 'Published' })).toBeUndefined();
    expect(nextStepOf({ ...row, outcome: '' })).toBeUndefined();
  });

  it('of a delivery that no rule took is a rule for it, and a replay of its second', () => {
    expect(nextStepOf({ ...row, outcome: 'Unmatched' })?.commands).toEqual([
      'hookline rules new acme-site --event push --repository acme/site --ref refs/heads/main',
      'hookline replay --from 2026-01-31T09:00:00.000Z --to 2026-01-31T09:00:01.000Z --rule acme-site',
    ]);
    const evil = { ...row, outcome: 'Unmatched', event: '`id`', repository: 'a/$(id)', ref: '-x/y' };
    expect(nextStepOf(evil)?.commands[0]).toBe(
      'hookline rules new NAME --event EVENT --repository OWNER/NAME --ref REF',
    );
  });

  it('names the rule that is for the repository, and only a replay once the rule takes it', () => {
    const clause = (path: string, matches: boolean) => ({ path, matches, words: '', found: [], pattern: {} });
    const near = {
      rule: 'site',
      matches: false,
      clauses: [clause('payload.ref', false), clause('payload.repository.full_name', true)],
    };
    const far = { rule: 'docs', matches: false, clauses: [clause('payload.repository.full_name', false)] };
    const replay =
      'hookline replay --from 2026-01-31T09:00:00.000Z --to 2026-01-31T09:00:01.000Z --rule site';
    const unmatched = { ...row, outcome: 'Unmatched' };
    const widened = nextStepOf(unmatched, [far, near]);
    expect(widened?.words).toContain('widen the rule site, which is for the repository');
    expect(widened?.commands).toEqual([replay]);
    const taken = nextStepOf(unmatched, [far, { ...near, matches: true }]);
    expect(taken?.words).toContain('the rule site takes it now');
    expect(taken?.commands).toEqual([replay]);
    expect(nextStepOf(unmatched, [near, { ...near, rule: 'site-2' }])?.commands).toHaveLength(2);
  });

  it('has nothing in a command that a shell would obey', () => {
    const evil = { ...row, deliveryId: '$(id)', host: ';id', error: 'CredentialRefused' };
    expect(nextStepOf(evil)?.commands).toEqual([
      'hookline secret set HOST token',
      'hookline redeliver DELIVERY --watch',
    ]);
    expect(JSON.stringify(nextStepOf({ ...evil, outcome: 'Rejected' }))).not.toContain('id)');
    expect(nextStepOf({ ...row, deliveryId: '--data' })?.commands).toEqual([
      'hookline redeliver DELIVERY --watch',
    ]);
  });
});
