import type { Pulled } from '../../statemachine/payloads.ts';
import { pointerOf } from './move-pointer.ts';
import { isOlder, type Told, together, toldBy, toldSchema } from './order.ts';
import { readRef, recordTaken } from './ref-record.ts';

/**
 * Records the pulled commit as the newest that its rule took of the ref, unless the rule took a newer one (I10).
 * @returns whether it is the newest
 */
export async function take(state: Pulled): Promise<boolean> {
  const id = pointerOf(state);
  const { name } = state.rule;
  const told = toldBy(state);
  for (;;) {
    const ref = await readRef(id);
    const held = ref.taken[name];
    if (held && isOlder(told, held)) return false;
    const newest = held?.commit === told.commit ? together(told, held) : told;
    if (await recordTaken(id, ref, { ...ref.taken, [name]: newest })) return true;
  }
}

/**
 * Gives up the place of the newest, so that an older delivery that waits is built.
 * @param built what the rule has built last, to which nothing goes back
 */
export async function giveBack(state: Pulled, built: Told | undefined): Promise<void> {
  const id = pointerOf(state);
  for (;;) {
    const ref = await readRef(id);
    const { [state.rule.name]: held, ...others } = ref.taken;
    if (held?.commit !== state.pull.commit) return;
    const taken = built ? { ...others, [state.rule.name]: toldSchema.parse(built) } : others;
    if (await recordTaken(id, ref, taken)) return;
  }
}
