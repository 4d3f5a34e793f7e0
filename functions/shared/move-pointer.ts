import type { Pulled } from '../../statemachine/payloads.ts';
import { pointerKey } from './artifact.ts';
import { repairPointer } from './pointer.ts';
import { readRef, recordPublished } from './ref-record.ts';

export interface Moved {
  /** whether the ref's record stands at what this pull found; false when a later pull found another commit */
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
  const recorded = await recordPublished(pointer, { token, ...found });
  // A late pull repairs too: the step that recorded a newer one may have died before its copy.
  await repairPointer(pointer);
  // The pull of another rule may have looked later, and found the same.
  const newest = recorded || (await readRef(pointer)).published?.commit === found.commit;
  return { newest, pointer };
}
