import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { stepsOf } from '../../operate/history.ts';

const timestamp = new Date('2026-01-31T09:00:00Z');
const entered = (name: string): HistoryEvent => ({
  id: 1,
  timestamp,
  type: 'TaskStateEntered',
  stateEnteredEventDetails: { name },
});
const aborted: HistoryEvent = {
  id: 2,
  timestamp,
  type: 'ExecutionAborted',
  executionAbortedEventDetails: { error: 'Stopped', cause: 'by hand' },
};

it('of an execution that was redriven, the state that it goes on in runs again', () => {
  expect(stepsOf([entered('Pull'), aborted])).toMatchObject([
    { status: 'stopped', error: { name: 'Stopped' } },
  ]);
  const [pull] = stepsOf([entered('Pull'), aborted, { id: 3, timestamp, type: 'ExecutionRedriven' }]);
  expect(pull).toMatchObject({ name: 'Pull', status: 'running' });
  expect(pull?.error).toBeUndefined();
  expect(pull?.endedAt).toBeUndefined();
});
