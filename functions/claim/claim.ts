import type { Route } from '../../events/decision.ts';
import { pipelineNameFor } from '../../events/pipeline-name.ts';
import { DELIVERY_ENDED } from '../../events/result-event.ts';
import { FAILED_STATUSES, outcomes, UNREPORTED } from '../../statemachine/outcomes.ts';
import type { Claimed, State } from '../../statemachine/payloads.ts';
import { startsId } from '../../statemachine/record-ids.ts';
import { optionsHash, pointerKey } from '../shared/artifact.ts';
import { claimNewest } from '../shared/claimed.ts';
import { newRecord } from '../shared/delivery-record.ts';
import { statusOf } from '../shared/executions.ts';
import { putResult } from '../shared/put-result.ts';
import { readRef } from '../shared/ref-record.ts';
import { isBeforeGone, readStarted, repeated } from '../shared/started.ts';
import {
  bodyClaim,
  type Claim,
  deliveryClaim,
  endedRecord,
  type Held,
  holderOf,
  recordDuplicate,
} from './record.ts';

export interface ClaimInput {
  readonly executionArn: string;
  readonly state: State;
}

/**
 * Takes a delivery for this execution (I2): a `Duplicate` when another execution runs or has succeeded, with this delivery
 * or with another one of the same body, and taken over from one that failed. A claimed delivery is `Unchanged` when its
 * ref has already come to this commit. Older deliveries of a rule with `superseded: skip` give way to it from then on, and
 * it is `Following` where the rule claimed another one a moment before. A delivery that asks for nothing has come to its
 * outcome once it is claimed, and the bus is told of that.
 */
export async function claim({ executionArn, state }: ClaimInput): Promise<Claimed> {
  const body = await holdBody(state, executionArn);
  if (body && body.executionArn !== executionArn) {
    if (body.key !== state.key) await recordDuplicate(state, executionArn);
    return { outcome: outcomes.duplicate, executionArn: body.executionArn };
  }
  const outcome = OUTCOME_OF[state.route];
  const record = outcome ? endedRecord(state, executionArn, outcome) : newRecord(state, executionArn);
  const { executionArn: holder } = await hold(deliveryClaim(state.key, record), executionArn);
  if (holder !== executionArn) return { outcome: outcomes.duplicate, executionArn: holder };
  if (outcome) {
    await putResult(DELIVERY_ENDED, record);
    return { outcome, executionArn };
  }
  if (await isUnchanged(state)) return { outcome: outcomes.unchanged, executionArn };
  const follows = await claimNewest(state, executionArn);
  return { outcome: follows ? 'Following' : 'Claimed', executionArn };
}

/** The outcome of what asks for nothing: its claim is all that is done. */
const OUTCOME_OF: { readonly [R in Route]?: 'Pong' | 'Ignored' } = {
  ping: outcomes.pong,
  ignored: outcomes.ignored,
};

/**
 * Who holds the signed body. Two pushes have two bodies: the host's time of the push is in them to the second, as are
 * the commits. What asks for nothing, such as a ping, may come as often as it likes.
 */
async function holdBody({ bodyHash, ...state }: State, executionArn: string): Promise<Held | undefined> {
  if (bodyHash === undefined || OUTCOME_OF[state.route]) return undefined;
  return hold(bodyClaim({ ...state, bodyHash }, executionArn), executionArn);
}

/** Who holds a claim after this execution has tried to. */
async function hold(claim: Claim, executionArn: string): Promise<Held> {
  for (;;) {
    if (await claim.take()) return { executionArn, key: claim.key };
    const held = await holderOf(claim.id);
    if (held === undefined) continue;
    const isOver =
      held.executionArn === executionArn ? wasRedriven(held) : await hasFailed(held.executionArn);
    if (!isOver) return held;
    // Only one of those who saw it failed takes it over; the others look again.
    if (await claim.take(held.executionArn)) return { executionArn, key: claim.key };
  }
}

/** Whether what is on record of the execution that claims is how it ended before. */
const wasRedriven = ({ outcome }: Held): boolean => UNREPORTED.some((end) => end === outcome);

async function hasFailed(executionArn: string): Promise<boolean> {
  const status = await statusOf(executionArn);
  // Where its history has expired, nothing says that the delivery was done.
  return status === undefined || FAILED_STATUSES.some((failure) => failure === status);
}

/**
 * Whether the ref stands at the delivered commit with no pull under way, and its pipeline was started on it by this
 * rule. A replay is deliberate, so it is never unchanged (I3).
 */
async function isUnchanged(state: State): Promise<boolean> {
  const { delivery, rule, route, replayName } = state;
  const { repository, ref, commit } = delivery;
  if (route !== 'pull' || replayName !== '' || !repository || !ref || !commit) return false;
  const id = pointerKey({ host: delivery.host, fullName: repository.fullName }, rule.pull, ref);
  const { next, published, gone } = await readRef(id);
  if (published?.commit !== commit || published.token !== next) return false;
  // Its close may come late, and goes by what was taken since: this telling is to be taken too.
  if (delivery.pullRequest?.action === 'reopened') return false;
  if (rule.pipeline === undefined) return true;
  // A close may have taken down what was started: StartPipeline knows whether the request is open again.
  if (delivery.pullRequest && (rule.pipeline.each === 'pull-request' || rule['on-close'])) return false;
  const pipeline = pipelineNameFor(rule.pipeline, state);
  // StartPipeline says why there is no such name.
  if ('problem' in pipeline) return false;
  const starts = startsId(delivery.host, repository.fullName, ref);
  const started = await readStarted(starts, pipeline.name);
  const start = started?.commit === commit ? repeated(started, state, commit) : undefined;
  // What was started before the ref was deleted counts no more.
  return (
    start !== undefined && start.executionId !== '' && !isBeforeGone(start, gone, optionsHash(rule.pull))
  );
}
