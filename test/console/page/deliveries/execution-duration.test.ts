import { describe, expect, it } from 'vitest';
import { executionDuration } from '../../../../console/page/deliveries/execution-duration.ts';
import { rowSchema } from '../../../../operate/deliveries/index.ts';

const row = rowSchema.parse({
  id: 'default#github.com#1#',
  executionArn: 'arn',
  rule: 'default',
  host: 'github.com',
  event: 'push',
  deliveryId: '1',
  receivedAt: '2026-01-31T09:00:00Z',
  updatedAt: '2026-01-31T09:07:03.250Z',
  outcome: 'Published',
});
const claimedAt = '2026-01-31T09:07:01.000Z';
const now = Date.parse('2026-01-31T09:08:00Z');

describe('the time that a delivery took', () => {
  it('a delivery took as long as its execution had it', () => {
    expect(executionDuration({ ...row, claimedAt }, undefined)).toBe('2.25 s');
    expect(executionDuration({ ...row, claimedAt, replayName: 'again' }, undefined)).toBe('2.25 s');
  });

  it('one that runs has taken whole seconds so far', () => {
    expect(executionDuration({ ...row, claimedAt }, now)).toBe('59 s');
  });

  it('one of which no claim is kept is measured from its event', () => {
    expect(executionDuration(row, undefined)).toBe('7 min 3 s');
  });

  it('nothing is said of a replay of which no claim is kept: its event is older than it', () => {
    expect(executionDuration({ ...row, replayName: 'again' }, undefined)).toBe('');
    expect(executionDuration({ ...row, replayName: 'again' }, now)).toBe('');
  });
});
