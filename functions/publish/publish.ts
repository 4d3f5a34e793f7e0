import { outcomes } from '../../statemachine/outcomes.ts';
import type { PublishResult, Pulled } from '../../statemachine/payloads.ts';
import { movePointer } from '../shared/move-pointer.ts';
import { recordNewest } from '../shared/taken.ts';

/**
 * Publishes a pull: the pointer moves to what the host has at the ref. The delivery is `Superseded` when its rule has
 * taken a newer one of the ref (I10); a push that the rule did not take supersedes nothing.
 */
export async function publish({ state }: { state: Pulled }): Promise<PublishResult> {
  const pointer = await movePointer(state);
  const { outcome, commit } = state.pull;
  if (outcome === 'gone') return { outcome: outcomes.refGone, commit: '', pointer, startPipeline: false };
  const isNewest = await recordNewest(state);
  const startPipeline = isNewest || state.rule.superseded === 'start';
  return { outcome: isNewest ? outcomes.published : outcomes.superseded, commit, pointer, startPipeline };
}
