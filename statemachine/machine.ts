import { routeSchema } from '../events/decision.ts';
import { approvalStates, WITH_STATUS } from './approval.ts';
import { announce, outcomeStates, reportState, takeDownOutcomeStates } from './outcome-states.ts';
import { outcomes, PENDING, REFUSED } from './outcomes.ts';
import type { Claimed } from './payloads.ts';
import { type PublishParts, publishStates, refBusyRetry } from './publish-states.ts';
import { AGAIN_SECONDS } from './pull-again.ts';
import { PULL_TIMEOUT_SECONDS } from './pull-build.ts';
import { buildStates } from './repeated-build.ts';
import { CLOSED, ifTakenDown, type RetireParts, retireStates } from './retire-states.ts';
import { settingsOldRetry } from './settings-old.ts';
import { settleStates } from './settle.ts';
import { lambdaRetry, type States, step } from './states.ts';
import { TEARDOWN_SECONDS, takeDownStates } from './take-down.ts';

/** What the definition refers to. */
export interface MachineParts extends PublishParts, RetireParts {
  readonly validateArn: string;
  readonly claimArn: string;
  readonly reportArn: string;
  /** where a rule builds what comes from forks */
  readonly approveArn?: string | undefined;
  /** whether a rule has `superseded: skip` */
  readonly skips: boolean;
}

// A pull, the time in which it is begun again, and the last pull of those; a teardown, an hour for all the rest: 9 h.
const MACHINE_TIMEOUT_SECONDS =
  PULL_TIMEOUT_SECONDS + AGAIN_SECONDS + PULL_TIMEOUT_SECONDS + TEARDOWN_SECONDS + 60 * 60;

const CLAIMED: readonly (keyof Claimed)[] = ['outcome', 'executionArn'];
const route = routeSchema.enum;
const following: Claimed['outcome'] = 'Following';
const OF_REQUEST = [
  { Variable: '$.delivery.ref', IsPresent: true },
  { Variable: '$.delivery.ref', StringMatches: 'refs/pull/*' },
];

/**
 * The delivery machine in the Amazon States Language, JSONPath. Its outcomes are states, so the picture alone says
 * what happened. From a push to `PipelineStarted` it enters ten states.
 */
export function deliveryMachine(parts: MachineParts): object {
  return {
    Comment: 'One delivery of a git host, for one rule',
    StartAt: 'Validate',
    TimeoutSeconds: MACHINE_TIMEOUT_SECONDS,
    States: {
      ...entryStates(parts),
      ...pullStates(parts),
      ...publishStates(parts),
      ...retireStates(parts),
      ...endStates(parts),
      ...outcomeStates(parts.reportArn),
      ...rollbackStates,
    },
  };
}

/** As an update is taken back, a build would be handed what Validate has not written: that ends an execution, and nothing catches it. */
const rollbackStates: States = {
  'Asks nothing': {
    Type: 'Pass',
    Comment: 'Validate of the release before has read this delivery',
    Result: {},
    ResultPath: '$.asked',
    Next: 'Route',
  },
};

/** The end of a branch or a request, where a rule has something to take down then. */
function endStates({ takeDownArn, reportArn }: MachineParts): States {
  if (takeDownArn === undefined) return {};
  return { ...takeDownStates(takeDownArn, refBusyRetry), ...takeDownOutcomeStates(reportArn) };
}

/** What has come to its outcome with its claim. */
const claimedAs = (outcome: Claimed['outcome']) => ({
  Variable: '$.claim.outcome',
  StringEquals: outcome,
  Next: outcome,
});

function entryStates(parts: MachineParts): States {
  return {
    // What fails Validate or Claim otherwise fails the execution, whose end is recorded.
    // An input may be as large as a state takes: what the function gets is that input and nothing around it, and what a
    // catcher hands on is the error alone.
    Validate: {
      Type: 'Task',
      Comment: 'Checks the signature over the raw bytes and the shape of the payload',
      Resource: parts.validateArn,
      TimeoutSeconds: 60,
      Retry: [lambdaRetry, settingsOldRetry],
      Catch: REFUSED.map((name) => ({ ErrorEquals: [name], Next: name })),
      Next: 'Claim',
    },
    Claim: {
      ...step(parts.claimArn, '$.claim', CLAIMED),
      Comment:
        'Takes the delivery for this execution; one that was done or is running elsewhere is a duplicate',
      Next: 'Route',
    },
    Route: {
      Type: 'Choice',
      Choices: [
        claimedAs(outcomes.duplicate),
        {
          Variable: '$.claim.outcome',
          StringEquals: outcomes.unchanged,
          Next: reportState(outcomes.unchanged),
        },
        // The host keeps the refs of a request, so that nobody looks whether they are gone.
        { And: [CLOSED, ...OF_REQUEST], Next: 'Retire' },
        ...ifTakenDown(parts, CLOSED, 'on-close'),
        { ...CLOSED, Next: reportState(outcomes.ignored) },
        // What follows may end in a build.
        { Variable: '$.asked', IsPresent: false, Next: 'Asks nothing' },
        {
          Variable: '$.route',
          StringEquals: route.approve,
          // A rule that builds nothing from forks any more took it.
          Next: parts.approveArn === undefined ? reportState(outcomes.ignored) : 'Approve',
        },
        { Variable: '$.route', StringEquals: route.retire, Next: 'ConfirmGone' },
        claimedAs(outcomes.pong),
        claimedAs(outcomes.ignored),
        // As an update is taken back, a claim of the release before leaves their record to the report for a moment.
        {
          Or: [route.ping, route.ignored].map((each) => ({ Variable: '$.route', StringEquals: each })),
          Next: reportState(outcomes.ignored),
        },
        ...(parts.skips ? [{ Variable: '$.claim.outcome', StringEquals: following, Next: 'Settle' }] : []),
        WITH_STATUS,
      ],
      Default: 'Pull',
    },
    ...(parts.skips ? settleStates : {}),
    ...(parts.approveArn === undefined ? {} : approvalStates(parts.approveArn)),
  };
}

function pullStates(parts: MachineParts): States {
  return {
    ReportPending: announce(parts.reportArn, PENDING, 'Pull'),
    ...buildStates(parts, 'Pull', 'Streams the delivered commit to S3', 'Publish'),
  };
}
