import type { HookDelivery } from '../../events/administration.ts';
import type { Mode } from './mode.ts';

// GitHub sends again what is not older than three days: https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
export const KEPT_MS = 3 * 86_400_000;
// The attempt before may still be under way.
const PAUSE_MS = 10 * 60_000;

/**
 * The last attempts of what is to be sent again, and of what the schedule has given up; and the time from which on the
 * deliveries are looked at the next time: that of the oldest that has not succeeded and may still.
 * The schedule waits as long again as a delivery has failed for, so that an outage of any length is followed by an attempt
 * within the same time. Whoever asks waits for no more than what is under way.
 * @param attempts newest first, a delivery's own among them as often as it was made
 */
export function dueAttempts(
  attempts: readonly HookDelivery[],
  now: number,
  { patient }: Pick<Mode, 'patient'>,
): { due: HookDelivery[]; givenUp: HookDelivery[]; next: string | undefined } {
  const open = failedOf(attempts);
  const isDue = (each: Failed): boolean =>
    now - timeOf(each.last) >= (patient ? Math.max(PAUSE_MS, failedFor(each)) : PAUSE_MS) &&
    !(patient && isGivenUp(each));
  const oldest = open.map(({ first }) => first.delivered_at).sort()[0];
  return {
    due: lastOf(open.filter(isDue)).reverse(),
    givenUp: lastOf(open.filter((each) => isGivenUp(each) && !isDue(each))),
    next: oldest ?? attempts[0]?.delivered_at,
  };
}

/** The first and the last attempt of a delivery that has not succeeded, and may still. */
interface Failed {
  readonly first: HookDelivery;
  readonly last: HookDelivery;
}

function failedOf(attempts: readonly HookDelivery[]): Failed[] {
  const byDelivery = new Map<string, HookDelivery[]>();
  for (const each of attempts) byDelivery.set(each.guid, [...(byDelivery.get(each.guid) ?? []), each]);
  return [...byDelivery.values()].flatMap((of) => {
    const [last, first] = [of[0], of.at(-1)];
    return last && first && mayPass(last) && !of.some(hasSucceeded) ? [{ first, last }] : [];
  });
}

const lastOf = (deliveries: readonly Failed[]): HookDelivery[] => deliveries.map(({ last }) => last);
const timeOf = ({ delivered_at: at }: HookDelivery): number => Date.parse(at);
const failedFor = ({ first, last }: Failed): number => timeOf(last) - timeOf(first);

/** The host keeps no delivery until the next attempt, or the first is gone already: it failed for longer than is known. */
const isGivenUp = (each: Failed): boolean => each.first.redelivery || 2 * failedFor(each) > KEPT_MS;

const hasSucceeded = ({ status_code: code }: HookDelivery): boolean => code >= 200 && code < 300;

/** No answer, too many requests, or a fault of the door's: it may be taken the next time. */
const mayPass = ({ status_code: code }: HookDelivery): boolean => code === 0 || code === 429 || code >= 500;
