import { firstName } from '../../events/rule-name.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { pointerOf } from './move-pointer.ts';
import { isOlder, mergedPlace, type PlacedCommit, placedCommitOf, placedCommitSchema } from './order.ts';
import { readRef, recordByRule } from './ref-record.ts';

/**
 * Records the pulled commit as the newest that its rule took of the ref, unless the rule took a newer one (I10).
 * @returns whether it is the newest
 */
export async function recordNewest(state: Pulled): Promise<boolean> {
  const id = pointerOf(state);
  const name = firstName(state.rule);
  const placed = placedCommitOf(state);
  for (;;) {
    const ref = await readRef(id);
    const held = ref.taken[name];
    if (held && isOlder(placed, held)) return false;
    const newest = held?.commit === placed.commit ? mergedPlace(placed, held) : placed;
    if (await recordByRule('taken', id, ref, { ...ref.taken, [name]: newest })) return true;
  }
}

/**
 * Gives up the place of the newest, so that an older delivery that waits is built.
 * @param built what the rule has built last, to which nothing goes back
 */
export async function withdrawNewest(state: Pulled, built: PlacedCommit | undefined): Promise<void> {
  const id = pointerOf(state);
  const name = firstName(state.rule);
  for (;;) {
    const ref = await readRef(id);
    const { [name]: held, ...others } = ref.taken;
    if (held?.commit !== state.pull.commit) return;
    const taken = built ? { ...others, [name]: placedCommitSchema.parse(built) } : others;
    if (await recordByRule('taken', id, ref, taken)) return;
  }
}
