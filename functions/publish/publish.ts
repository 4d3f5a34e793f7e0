import { outcomes } from '../../statemachine/outcomes.ts';
import type { PublishResult, Pulled } from '../../statemachine/payloads.ts';
import { movePointer } from '../shared/move-pointer.ts';

/**
 * Publishes a pull: the pointer moves to what the host has at the ref. The delivery is `Superseded` when that is not
 * its own commit, or when a later look-up that found another was published before.
 */
export async function publish({ state }: { state: Pulled }): Promise<PublishResult> {
  const { newest, pointer } = await movePointer(state);
  const { outcome: found, commit, tip } = state.pull;
  if (found === 'gone') {
    const outcome = newest ? outcomes.refGone : outcomes.superseded;
    return { outcome, commit: '', pointer, startPipeline: false };
  }
  const outcome = newest && tip === commit ? outcomes.published : outcomes.superseded;
  const startPipeline = outcome === outcomes.published || state.rule.superseded === 'start';
  return { outcome, commit, pointer, startPipeline };
}
