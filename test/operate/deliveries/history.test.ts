import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../../operate/deliveries/history.ts';

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

describe('the history of an execution', () => {
  it('of an execution that was redriven, the state that it goes on in runs again', () => {
    expect(stepsOf([entered('Pull'), aborted])).toMatchObject([
      { status: 'stopped', error: { name: 'Stopped' } },
    ]);
    const [pull] = stepsOf([entered('Pull'), aborted, { id: 3, timestamp, type: 'ExecutionRedriven' }]);
    expect(pull).toMatchObject({ name: 'Pull', status: 'running' });
    expect(pull?.error).toBeUndefined();
    expect(pull?.endedAt).toBeUndefined();
  });

  it('a function that is called by its ARN is known by its name, its attempts and its error', () => {
    const resource = 'arn:aws:lambda:us-east-1:000000000000:function:Hookline-Validate';
    const scheduled: HistoryEvent = {
      id: 2,
      timestamp,
      type: 'LambdaFunctionScheduled',
      lambdaFunctionScheduledEventDetails: { resource },
    };
    const failed: HistoryEvent = {
      id: 3,
      timestamp,
      type: 'LambdaFunctionFailed',
      lambdaFunctionFailedEventDetails: { error: 'Rejected', cause: 'why' },
    };
    const exited: HistoryEvent = {
      id: 4,
      timestamp,
      type: 'TaskStateExited',
      stateExitedEventDetails: { name: 'Validate', output: '{"Error":"Rejected","Cause":"why"}' },
    };
    expect(stepsOf([entered('Validate'), scheduled, failed, scheduled, failed, exited])).toMatchObject([
      {
        functionName: 'Hookline-Validate',
        attempts: 2,
        status: 'caught',
        error: { name: 'Rejected', cause: 'why' },
      },
    ]);
  });
});
