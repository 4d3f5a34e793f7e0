import type { PullInput } from './input.ts';
import type { Tip } from './tip.ts';

/**
 * Whether the host has at the ref what a newer delivery of the rule names, so that this one gives way to it. A tip that
 * the rule has not claimed, such as one that its path filter leaves out, takes nobody's place (I10).
 * @param claimed as it stood before the look-up that found `tip`
 */
export function isBehind(
  { asked, delivered }: Pick<PullInput, 'asked' | 'delivered'>,
  claimed: Readonly<Record<string, string>>,
  tip: Tip | undefined,
): tip is Tip {
  if (asked.giveWay === undefined || delivered === undefined || !tip) return false;
  return delivered !== tip.id && delivered !== tip.commit && claimed[asked.giveWay] === tip.id;
}
