import { outcomes } from '../../statemachine/outcomes.ts';
import type { PublishResult, Pulled } from '../../statemachine/payloads.ts';
import { isClosedSince, toldAt } from '../shared/closed.ts';
import { movePointer, pointerOf, removePointer } from '../shared/move-pointer.ts';
import { readRef, recordClosed, takeToken } from '../shared/ref-record.ts';

/** A deletion that was looked up, or a closed request, whose ref its host keeps. */
export type Retired = Omit<Pulled, 'pull'> & { readonly pull?: Pulled['pull'] | undefined };

/**
 * Handles a deletion: the pointer of a ref that the host no longer has is removed, and a commit that is pushed to the
 * ref again is built again. A ref that is there again, also when another delivery looked later, makes the deletion
 * `Superseded`, and its pointer shows what the host has. So does a closed request of its own ref.
 */
export function retire({ state }: { state: Retired }): Promise<PublishResult> {
  const { pull } = state;
  return pull ? retireRef({ ...state, pull }) : retireRequest(state);
}

async function retireRef(state: Pulled): Promise<PublishResult> {
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

/** `Ignored` where nothing was pulled of the request. */
async function retireRequest(state: Retired): Promise<PublishResult> {
  const pointer = pointerOf(state);
  const closed = toldAt(state);
  // What was told before may be pulled still, and publishes no more.
  await recordClosed(pointer, closed);
  const { published, taken } = await readRef(pointer);
  const answer = (outcome: PublishResult['outcome'], commit = '') => ({
    ...{ outcome, commit, pointer },
    startPipeline: false,
  });
  if (!published) return answer(outcomes.ignored);
  // The request was opened again, and the closing comes late.
  const isOpen = Object.values(taken).some(({ time }) => !isClosedSince(closed, time));
  if (isOpen) return answer(outcomes.superseded, published.commit);
  await removePointer(pointer, await takeToken(pointer));
  return answer(outcomes.refRetired);
}
