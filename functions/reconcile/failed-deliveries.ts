import type { HookDelivery, SentHooks } from '../../events/administration.ts';
import type { FailedDelivery } from '../../statemachine/reconcile.ts';
import { environment } from '../shared/setting.ts';
import type { KnownHost } from './known-host.ts';
import { keepSince, readSince } from './look-record.ts';
import type { Mode } from './mode.ts';

// GitHub sends again what is not older than three days: https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
const KEPT_MS = 3 * 86_400_000;
/** A delivery that still fails after so many attempts fails for another reason than an outage. */
const MOST_ATTEMPTS = 5;
// The attempt before may still be under way.
const PAUSE_MS = 10 * 60_000;

// A look reads on from the oldest that may still pass. Before, there were more than anybody reads in five minutes.
const MOST_DELIVERIES = 10_000;
// What was begun in time is read for so long at most.
const PAGING_MS = 20_000;

export interface FailedQuery {
  readonly host: KnownHost;
  /** whose they are: a repository, an organisation or `the App` */
  readonly of: string;
  readonly hooks: SentHooks;
  readonly mode: Mode;
  /** takes each that was sent again */
  told(failed: FailedDelivery): void;
}

/**
 * Has a host send again what failed at our door, of these webhooks. An attempt that the
 * door refused for what it is (too large, another form) is not made again.
 * @throws when the host does not list its webhooks, and when it has sent more than a look reads: what was read is done by then
 */
export async function redeliverFailed({ host, of, hooks, mode, told }: FailedQuery): Promise<void> {
  const ours = (await hooks.list()).filter(({ config, active }) => active && isOurs(config.url));
  const cut: string[] = [];
  for (const { id } of ours) {
    const cursor = `the webhook ${id} of ${host.name}/${of}`;
    const kept = await readSince(cursor);
    const oldest = new Date(Date.now() - KEPT_MS).toISOString();
    const since = kept > oldest ? kept : oldest;
    const query = { since, most: MOST_DELIVERIES, until: mode.deadline + PAGING_MS };
    const { deliveries, isCut } = await hooks.deliveries(String(id), query);
    if (isCut) cut.push(`${id}, before ${deliveries.at(-1)?.delivered_at}`);
    const { due, next } = dueAttempts(deliveries, Date.now());
    for (const each of due) {
      // The next run finds the rest as it is: from the oldest that has not succeeded on.
      if (Date.now() > mode.deadline) break;
      if (!mode.dryRun) await redeliver(hooks, id, each);
      const { event, guid, status } = each;
      told({ host: host.name, of, event, deliveryId: guid, status });
    }
    if (!mode.dryRun) await keepSince(cursor, next ?? since);
  }
  if (cut.length > 0)
    throw new Error(
      `it has sent more since the last look than is read of it: what failed of the webhook ${cut.join('; ')} is not looked for; see "hookline hooks deliveries"`,
    );
}

const redeliver = (hooks: SentHooks, hook: number, { id }: HookDelivery) => hooks.redeliver(String(hook), id);

const isOurs = (url = ''): boolean =>
  environment('DOORS')
    .split(' ')
    .some((door) => url.startsWith(door));

/**
 * The failed attempts that are to be made again, and the time from which on the deliveries are looked at the next time:
 * that of the oldest that has not succeeded and may still.
 * @param attempts newest first, a delivery's own among them as often as it was made
 */
export function dueAttempts(
  attempts: readonly HookDelivery[],
  now: number,
): { due: HookDelivery[]; next: string | undefined } {
  const byDelivery = new Map<string, HookDelivery[]>();
  for (const each of attempts) byDelivery.set(each.guid, [...(byDelivery.get(each.guid) ?? []), each]);
  const open = [...byDelivery.values()].filter(
    (of) => !of.some(hasSucceeded) && of.length < MOST_ATTEMPTS && of.some(mayPass),
  );
  const due = open.flatMap(([last]) =>
    last && mayPass(last) && now - Date.parse(last.delivered_at) >= PAUSE_MS ? [last] : [],
  );
  const firsts = open.map((of) => of.at(-1)?.delivered_at ?? '').sort();
  return { due: due.reverse(), next: firsts[0] ?? attempts[0]?.delivered_at };
}

const hasSucceeded = ({ status_code: code }: HookDelivery): boolean => code >= 200 && code < 300;

/** No answer, too many requests, or a fault of the door's: it may be taken the next time. */
const mayPass = ({ status_code: code }: HookDelivery): boolean => code === 0 || code === 429 || code >= 500;
