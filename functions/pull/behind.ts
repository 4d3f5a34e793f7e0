import type { PullInput } from './input.ts';
import type { Tip } from './tip.ts';

/**
 * Whether the ref has moved on and the rule has claimed a newer delivery, so that this one gives way to it. Claim has put the
 * two in order. Where that has changed, or the newer one comes to nothing, Publish has this one pulled all the same (I10).
 * @param claimed as it stood before the look-up that found `tip`
 */
export function isBehind(
  { asked, delivered }: Pick<PullInput, 'asked' | 'delivered'>,
  claimed: Readonly<Record<string, string>>,
  tip: Tip | undefined,
): boolean {
  const newest = claimed[asked.giveWay ?? ''];
  return newest !== undefined && newest !== delivered && hasMovedOn({ asked, delivered }, tip);
}

/** Whether a newer delivery may be about to be claimed: the host has it at the ref. */
export const hasMovedOn = (
  { asked, delivered }: Pick<PullInput, 'asked' | 'delivered'>,
  tip: Tip | undefined,
): boolean =>
  asked.giveWay !== undefined &&
  delivered !== undefined &&
  tip !== undefined &&
  delivered !== tip.id &&
  delivered !== tip.commit;
