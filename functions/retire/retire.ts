import { outcomes } from '../../statemachine/outcomes.ts';
import type { PublishResult, Pulled } from '../../statemachine/payloads.ts';
import { movePointer } from '../shared/move-pointer.ts';
import { readRef } from '../shared/ref-record.ts';

/**
 * Handles a deletion: the pointer of a ref that the host no longer has is removed, and a commit that is pushed to the
 * ref again is built again. A ref that is there again, also when another delivery looked later, makes the deletion
 * `Superseded`, and its pointer shows what the host has.
 */
export async function retire({ state }: { state: Pulled }): Promise<PublishResult> {
  const pointer = await movePointer(state);
  const commit = (await readRef(pointer)).published?.commit ?? '';
  const retired = state.pull.outcome === 'gone' && commit === '';
  return {
    outcome: retired ? outcomes.refRetired : outcomes.superseded,
    commit,
    pointer,
    startPipeline: false,
  };
}
