import type { Pulled } from '../../statemachine/payloads.ts';
import { pointerKey } from './artifact.ts';
import { repairPointer } from './pointer.ts';
import { recordGone, recordPublished } from './ref-record.ts';

/** The key of the pulled ref's pointer, which is also the id of its record. */
export function pointerOf({ delivery, rule }: Pick<Pulled, 'delivery' | 'rule'>): string {
  return pointerKey({ host: delivery.host, fullName: delivery.repository.fullName }, rule.pull, delivery.ref);
}

/**
 * Moves the pointer to what the pull found at the ref, or removes it where there was none, and never back (I4). Called
 * again with the same token, it changes nothing. Where the tip becomes no artifact, the pointer stays.
 * @returns the pointer's key
 */
export async function movePointer(state: Pulled): Promise<string> {
  const { outcome, token, tip: commit, tipKey: key } = state.pull;
  const pointer = pointerOf(state);
  if (outcome !== 'gone' && commit === '') return pointer;
  if (outcome === 'gone') await recordGone(pointer, token);
  // Nothing is there of a ref that is gone, nor of a tip that has no more the folder that the rule takes.
  await recordPublished(pointer, key === '' ? { token, ...NOTHING } : { token, commit, key });
  // Also for the one who came late: whoever published may have died before the copy.
  await repairPointer(pointer);
  return pointer;
}

/** Removes the pointer of a ref that its host keeps, though nobody is to build it any more. @param token taken now */
export async function removePointer(pointer: string, token: number): Promise<void> {
  await recordGone(pointer, token);
  await recordPublished(pointer, { token, ...NOTHING });
  await repairPointer(pointer);
}

const NOTHING = { commit: '', key: '' };
