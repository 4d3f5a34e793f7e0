import { hasMovedOn } from './behind.ts';
import type { TakenToken } from './fencing-token.ts';
import type { PullInput } from './input.ts';
import { REPLICA_PAUSES } from './replica.ts';
import type { Tip } from './tip.ts';

/** What the host had at a ref, under a token that was taken before. */
export interface Look extends TakenToken {
  readonly tip: Tip | undefined;
  /** whether a newer delivery is pulled in place of this one */
  readonly behind: boolean;
}

/** How a ref is looked at. */
export interface Looking {
  lookUp(): Promise<Look>;
  /** whether the delivered commit is the tip or one before it */
  isOnRef(tip: Tip): Promise<boolean>;
  wait(ms: number): Promise<unknown>;
  /** one line of the build's log */
  say(message: string): void;
}

type Delivered = Pick<PullInput, 'asked' | 'delivered' | 'ref'>;

/** Looks a ref up, again where it does not hold the delivered commit. */
export async function lookUntilOnRef(
  input: Delivered,
  looking: Looking,
): Promise<Look & { readonly onRef: boolean }> {
  const look = async () => {
    const seen = await lookUntilClaimed(input, looking);
    return { ...seen, onRef: seen.behind || !seen.tip || (await looking.isOnRef(seen.tip)) };
  };
  for (const pause of REPLICA_PAUSES) {
    const seen = await look();
    if (seen.onRef) return seen;
    looking.say(`${input.delivered} is not on ${input.ref}: looking again in ${pause} s`);
    await looking.wait(pause * 1000);
  }
  return look();
}

/** Seconds between a push that is at the ref and the claim of its delivery. */
const CLAIM_PAUSE = 2;

/** The webhook of what the ref has come to may be a moment behind the push. */
async function lookUntilClaimed(input: Delivered, { lookUp, wait, say }: Looking): Promise<Look> {
  const seen = await lookUp();
  if (seen.behind || !hasMovedOn(input, seen.tip)) return seen;
  say(`${input.ref} has moved on from ${input.delivered}: looking again in ${CLAIM_PAUSE} s`);
  await wait(CLAIM_PAUSE * 1000);
  return lookUp();
}
