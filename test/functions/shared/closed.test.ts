import { expect, it } from 'vitest';
import { isClosedAfter, isClosedSince, toldAt } from '../../../functions/shared/closed.ts';
import { pulledState } from '../../support/functions/steps.ts';

const [BEFORE, AT, AFTER] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z'];

/** A delivery of a request, told of at `AT`. */
const told = (action?: string) => {
  const { delivery } = pulledState('refs/heads/topic', {});
  const request = { number: 7, draft: false, merged: false, fork: false, base: 'main' };
  const head = { ref: 'topic', commit: '1'.repeat(40) };
  return {
    time: AT,
    delivery: { ...delivery, ...(action && { pullRequest: { ...request, action, head } }) },
  };
};

it('a request is closed since what was told before, or in the same second', () => {
  expect(['', BEFORE, AT, AFTER].map((closed) => isClosedSince(closed, AT))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  // A record of another release may have no time.
  expect([isClosedSince(AT, ''), isClosedSince('', '')]).toEqual([true, false]);
});

it.each([undefined, 'synchronize', 'opened'])('so it is of a delivery, by %s', (action) => {
  const closed = ['', BEFORE, AT, AFTER].map((time) => isClosedAfter(time, told(action)));
  expect(closed).toEqual([false, false, true, true]);
});

it('what opens it again undoes a close of its own second', () => {
  const closed = ['', BEFORE, AT, AFTER].map((time) => isClosedAfter(time, told('reopened')));
  expect(closed).toEqual([false, false, false, true]);
});

it('the host’s own time of a request counts, which a redelivery keeps', () => {
  const { time, delivery } = told('synchronize');
  const updatedAt = (pullRequest = delivery.pullRequest) =>
    pullRequest && { ...pullRequest, updatedAt: BEFORE };
  const redelivered = { time: AFTER, delivery: { pullRequest: updatedAt() } };
  expect([toldAt({ time, delivery }), toldAt({ time, delivery: {} }), toldAt(redelivered)]).toEqual([
    AT,
    AT,
    BEFORE,
  ]);
  expect(isClosedAfter(AT, redelivered)).toBe(true);
  // That of a push beside it is of the same clock.
  const pushedAt = Date.parse(BEFORE) / 1000;
  expect(isClosedAfter(AT, { time: AFTER, delivery: { pushedAt } })).toBe(true);
  const reopened = {
    time: AFTER,
    delivery: { pullRequest: updatedAt(told('reopened').delivery.pullRequest) },
  };
  expect([isClosedAfter(BEFORE, reopened), isClosedAfter(AT, reopened)]).toEqual([false, true]);
});
