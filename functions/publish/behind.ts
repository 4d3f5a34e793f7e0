import { firstName } from '../../events/rule-name.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { PublishResult, Pulled } from '../../statemachine/payloads.ts';
import { claimOf, recordClaimed } from '../shared/claimed.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { statusOf } from '../shared/executions.ts';
import { pointerOf } from '../shared/move-pointer.ts';
import { isOlder, placedCommitOf } from '../shared/order.ts';
import { readRef } from '../shared/ref-record.ts';

/**
 * What becomes of a delivery whose build gave way to a newer one of the rule (`superseded: skip`). It is `Superseded`
 * by what the rule has taken, as any other delivery is, and not by what the rule may yet take (I10).
 * @returns `Behind` when the newer one has ended without being taken: this one is pulled, and older ones give way to it
 * Throws `NewerUnderWay` while the newer one runs.
 */
export async function publishBehind(state: Pulled, executionArn: string): Promise<PublishResult> {
  const pointer = pointerOf(state);
  const { commit } = state.pull;
  const placed = placedCommitOf(state);
  const name = firstName(state.rule);
  const answer = { commit, pointer, startPipeline: false };
  for (;;) {
    const ref = await readRef(pointer);
    const { [name]: taken } = ref.taken;
    if (taken && isOlder(placed, taken)) return { ...answer, outcome: outcomes.superseded };
    const { [name]: newer } = ref.claimed;
    // Who holds the claim is pulled. Of two that nobody can put in order, each would else take it from the other for ever.
    const isWaitedFor = newer && newer.executionArn !== executionArn && !isOlder(newer, placed);
    if (isWaitedFor && (await runs(newer.executionArn)))
      throw new HooklineError(
        errors.newerUnderWay,
        `${newer.commit} of ${state.delivery.ref} is pulled in place of ${commit}, which is looked at again`,
      );
    // What was taken meanwhile has changed the record, so that it is read again.
    if (await recordClaimed(pointer, state, ref, claimOf(state, commit, executionArn)))
      return { ...answer, outcome: 'Behind' };
  }
}

async function runs(executionArn: string): Promise<boolean> {
  const status = await statusOf(executionArn);
  return status === 'RUNNING' || status === 'PENDING_REDRIVE';
}
