import { setTimeout as sleep } from 'node:timers/promises';
import { progress } from './log.ts';
import { MakingLease } from './making-lease.ts';

/** Who is killed while it makes an artifact keeps others waiting for so long. */
export const LEASE_MS = 30_000;
/** Most artifacts are made before the first renewal, which is a write to pay for. */
const RENEW_MS = 10_000;
const LOOK_MS = 1000;
/** A build on Lambda compute has 15 min. Who has waited for so long makes the artifact, and has the time for it. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** How an artifact is found and made. */
export interface Making<A> {
  readonly key: string;
  find(): Promise<A | undefined>;
  make(): Promise<A>;
  wait(ms: number): Promise<unknown>;
}

/** Waits for another build, and says so once. */
export function waitFor(key: string): (ms: number) => Promise<void> {
  let said = false;
  return async (ms) => {
    if (!said) progress(`another build makes ${key}: waiting for it`);
    said = true;
    await sleep(ms);
  };
}

/**
 * The artifact at a key, made unless another build is at it: then what that one makes. The lease saves work and guards
 * nothing: an artifact is written once, by whoever is first (I2).
 */
export async function madeOnce<A>({ key, find, make, wait }: Making<A>): Promise<A> {
  const lease = new MakingLease(key, LEASE_MS);
  if (await lease.acquire()) return held(lease, make);
  const until = Date.now() + LONGEST_WAIT_MS;
  while (Date.now() < until) {
    await wait(LOOK_MS);
    const found = await find();
    if (found) return found;
    // Whoever gave it back may have made the artifact since.
    if (await lease.acquire()) return held(lease, async () => (await find()) ?? make());
  }
  return make();
}

async function held<A>(lease: MakingLease, make: () => Promise<A>): Promise<A> {
  const renewal = setInterval(() => void lease.renew().catch(unsaid), RENEW_MS);
  try {
    return await make();
  } finally {
    clearInterval(renewal);
    await lease.release().catch(unsaid);
  }
}

/** A lease that is not renewed or given back ends by itself. */
const unsaid = (error: unknown): void => progress(`the lease was not written: ${String(error)}`);
