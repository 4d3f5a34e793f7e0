import { describe, expect, it } from 'vitest';
import { possibleActions } from '../../../operate/deliveries/actions.ts';

const delivery = (status: string, type: string) => ({
  execution: { arn: 'arn', status, startedAt: '2026-01-31T09:00:00Z', input: '{}' },
  steps: [{ name: 'Last', type, status: 'failed', startedAt: '2026-01-31T09:00:00Z', attempts: 1 }] as const,
});

describe('what can be done with a delivery', () => {
  it.each([
    ['RUNNING', 'Task', { stop: true, redrive: false }],
    ['SUCCEEDED', 'Succeed', { stop: false, redrive: false }],
    ['FAILED', 'Task', { stop: false, redrive: true }],
    ['TIMED_OUT', 'Task', { stop: false, redrive: true }],
    ['ABORTED', 'Task', { stop: false, redrive: true }],
    // A failure that the machine has dealt with: a redrive would only enter the same state again.
    ['FAILED', 'Fail', { stop: false, redrive: false }],
  ])('that is %s in a state of the type %s: %j', (status, type, possible) => {
    expect(possibleActions(delivery(status, type))).toEqual(possible);
  });
});
