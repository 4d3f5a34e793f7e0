import { outcomes } from '../../statemachine/outcomes.ts';
import type { PublishResult, Pulled } from '../../statemachine/payloads.ts';
import { movePointer } from '../shared/move-pointer.ts';

/**
 * Handles a deletion: the pointer of a ref that the host no longer has is removed. A ref that is there again, also
 * when another delivery looked later, makes the deletion `Superseded`, and its pointer shows what the host has.
 */
export async function retire({ state }: { state: Pulled }): Promise<PublishResult> {
  const { newest, pointer } = await movePointer(state);
  const retired = newest && state.pull.outcome === 'gone';
  const commit = retired ? '' : state.pull.tip;
  return {
    outcome: retired ? outcomes.refRetired : outcomes.superseded,
    commit,
    pointer,
    startPipeline: false,
  };
}
