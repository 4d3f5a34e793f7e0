import { expect, it } from 'vitest';
import { newRecord, type Recorded } from '../../../functions/shared/delivery-record.ts';
import { openedRequest, pulledState } from '../../support/functions/steps.ts';

const TIME = '2026-01-02T03:04:05Z';

function recorded(delivery: Partial<Recorded['delivery']> = {}, replayName = ''): Record<string, unknown> {
  const { delivery: push, rule, key } = pulledState('refs/heads/main', { commit: 'a'.repeat(40) });
  return newRecord({ key, rule, replayName, time: TIME, delivery: { ...push, ...delivery } }, 'arn:one');
}

it('a delivery stands in the list where its event was received', () => {
  const record = recorded();
  expect(record).toMatchObject({ receivedAt: TIME, day: '2026-01-02' });
  for (const member of ['firstReceivedAt', 'replayName']) expect(record).not.toHaveProperty(member);
});

it('a replay stands in the list where it began, and says when its event was received', () => {
  const record = recorded({}, 'replay-1');
  expect(record).toMatchObject({
    receivedAt: record.claimedAt,
    firstReceivedAt: TIME,
    replayName: 'replay-1',
    day: String(record.claimedAt).slice(0, 10),
  });
});

it('a request has its number and the commit of its head, also where it is only approved', () => {
  const pullRequest = openedRequest('b'.repeat(40));
  expect(recorded({ pullRequest })).toMatchObject({ pullRequest: 7, commit: pullRequest.head.commit });
  expect(recorded({ approval: { number: 8, commit: '' } })).toMatchObject({ pullRequest: 8 });
  expect(recorded().pullRequest).toBeUndefined();
});
