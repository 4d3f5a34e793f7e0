import { pointerKey } from './artifact.ts';
import { repairPointer } from './pointer.ts';
import { recordPublished } from './refs.ts';
import type { Pulled } from './state.ts';

export interface Moved {
  /** whether no later look-up of the ref was published before */
  readonly newest: boolean;
  readonly pointer: string;
}

/** The key of the pulled ref's pointer, which is also the id of its record. */
export function pointerOf({ delivery, rule }: Pulled): string {
  return pointerKey({ host: delivery.host, fullName: delivery.repository.fullName }, rule.pull, delivery.ref);
}

/** Moves the pointer to what the pull found at the ref, or removes it where there was none, and never back (I4). */
export async function movePointer(state: Pulled): Promise<Moved> {
  const { outcome, token, tip, tipKey } = state.pull;
  const pointer = pointerOf(state);
  const found = outcome === 'gone' ? { commit: '', key: '' } : { commit: tip, key: tipKey };
  const newest = await recordPublished(pointer, { token, ...found });
  // Also for the one who came late: whoever published may have died before the copy.
  await repairPointer(pointer);
  return { newest, pointer };
}
