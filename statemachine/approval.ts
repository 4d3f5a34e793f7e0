import { errors } from './errors.ts';
import { reportState } from './outcome-states.ts';
import { outcomes } from './outcomes.ts';
import { lambdaRetry, STEP_SECONDS, type States } from './states.ts';

/** Says first on the commit's page that it is pulled, where the rule says so. */
export const WITH_STATUS = {
  Or: [
    { Variable: '$.rule.status', BooleanEquals: true },
    { Variable: '$.rule.status.context', IsPresent: true },
    { Variable: '$.rule.status.checks', IsPresent: true },
  ],
  Next: 'ReportPending',
};

// The host is away: 10 + 20 + 40 + 60 × 7 s at most, some 8 min.
const hostRetry = {
  ErrorEquals: [errors.hostUnreachable],
  IntervalSeconds: 10,
  MaxAttempts: 10,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

/** The states between the route of an approval and the pull. */
export function approvalStates(approveArn: string): States {
  return {
    Approve: {
      Type: 'Task',
      Comment: 'Asks the host whether the sender may have this commit of a fork built',
      // The function's answer is the machine's $ from then on: its input, with the request as the host has it.
      Resource: approveArn,
      Parameters: { 'state.$': '$', 'executionArn.$': '$$.Execution.Id' },
      TimeoutSeconds: STEP_SECONDS,
      Retry: [lambdaRetry, hostRetry],
      Catch: [
        { ErrorEquals: [errors.notApproved], ResultPath: '$.error', Next: reportState(outcomes.ignored) },
        { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: reportState(outcomes.pullFailed) },
      ],
      Next: 'Approved',
    },
    Approved: { Type: 'Choice', Choices: [WITH_STATUS], Default: 'Pull' },
  };
}
