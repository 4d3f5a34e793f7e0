import { describe, expect, it } from 'vitest';
import { nextStepOf } from '../../../operate/deliveries/next-step.ts';

const row = {
  ...{ host: 'github.com', deliveryId: '4f3a21c0', outcome: 'PullFailed', error: '' },
  ...{ event: 'push', repository: 'acme/site', ref: 'refs/heads/main', receivedAt: '2026-01-31T09:00:00Z' },
};

describe('the next step of a delivery', () => {
  it.each([
    [{ error: 'CredentialRefused' }, ['hookline secret set github.com token', 'hookline redeliver 4f3a21c0']],
    [{ error: 'CommitUnreachable' }, []],
    [{ error: 'DiskFull' }, ['hookline redeliver 4f3a21c0']],
    [{ outcome: 'Stopped' }, ['hookline redrive 4f3a21c0']],
  ])('%j: %j', (given, commands) => {
    expect(nextStepOf({ ...row, ...given })?.commands).toEqual(commands);
  });

  it('is none when all is well', () => {
    expect(nextStepOf({ ...row, outcome: 'Published' })).toBeUndefined();
    expect(nextStepOf({ ...row, outcome: '' })).toBeUndefined();
  });

  it('of a delivery that no rule took is a rule for it, and a replay of its second', () => {
    expect(nextStepOf({ ...row, outcome: 'Unmatched' })?.commands).toEqual([
      'hookline rules new NAME --event push --repository acme/site --ref refs/heads/main',
      'hookline replay --from 2026-01-31T09:00:00.000Z --to 2026-01-31T09:00:01.000Z --rule NAME',
    ]);
    const evil = { ...row, outcome: 'Unmatched', event: '`id`', repository: 'a/$(id)', ref: '-x/y' };
    expect(nextStepOf(evil)?.commands[0]).toBe(
      'hookline rules new NAME --event EVENT --repository OWNER/NAME --ref REF',
    );
  });

  it('has nothing in a command that a shell would obey', () => {
    const evil = { ...row, deliveryId: '$(id)', host: ';id', error: 'CredentialRefused' };
    expect(nextStepOf(evil)?.commands).toEqual([
      'hookline secret set HOST token',
      'hookline redeliver DELIVERY',
    ]);
    expect(JSON.stringify(nextStepOf({ ...evil, outcome: 'Rejected' }))).not.toContain('id)');
    expect(nextStepOf({ ...row, deliveryId: '--data' })?.commands).toEqual(['hookline redeliver DELIVERY']);
  });
});
