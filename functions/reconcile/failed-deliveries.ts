import type { HookDelivery, SentHooks } from '../../events/administration.ts';
import type { FailedDelivery } from '../../statemachine/reconcile.ts';
import { environment } from '../shared/setting.ts';
import { dueAttempts, KEPT_MS } from './due-attempts.ts';
import type { KnownHost } from './known-host.ts';
import { keepSince, readSince } from './look-record.ts';
import type { Mode } from './mode.ts';

// A host lists a delivery when it has ended: one that timed out comes behind others that were sent later.
const LATE_MS = 15 * 60_000;

// A look reads on from the oldest that may still pass. Before, there were more than anybody reads in five minutes.
const MOST_DELIVERIES = 10_000;
// What was begun in time is read for so long at most.
const PAGING_MS = 20_000;

/** Takes what a look finds. */
export interface Tell {
  /** a delivery that was sent again, or would be in a run that is not dry */
  failed(failed: FailedDelivery): void;
  /** what could not be looked at, or is not sent again, and why */
  problem(text: string): void;
}

export interface FailedQuery {
  readonly host: KnownHost;
  /** whose they are: a repository, an organisation or `the App` */
  readonly of: string;
  readonly hooks: SentHooks;
  readonly mode: Mode;
  readonly tell: Tell;
}

/**
 * Has a host send again what failed at our door, of these webhooks. An attempt that the
 * door refused for what it is (too large, another form) is not made again.
 * @throws when the host does not list its webhooks
 */
export async function redeliverFailed(query: FailedQuery): Promise<void> {
  const ours = (await query.hooks.list()).filter(({ config, active }) => active && isOurs(config.url));
  for (const { id } of ours) await redeliverOf(query, id);
}

async function redeliverOf({ host, of, hooks, mode, tell }: FailedQuery, hook: number): Promise<void> {
  const cursor = `the webhook ${hook} of ${host.name}/${of}`;
  const oldest = Date.now() - KEPT_MS;
  const since = Math.max(oldest, Date.parse((await readSince(cursor)) || isoTime(oldest)));
  const until = mode.deadline + PAGING_MS;
  const query = { since: isoTime(Math.max(oldest, since - LATE_MS)), most: MOST_DELIVERIES, until };
  const { deliveries, isCut } = await hooks.deliveries(String(hook), query);
  // The next run has more time. It does not help against more deliveries than are read.
  const hadNoTime = isCut && deliveries.length < MOST_DELIVERIES && Date.now() > until;
  if (isCut) tell.problem(hadNoTime ? unread(hook) : tooMany(hook, deliveries));
  const { due, givenUp, next } = dueAttempts(deliveries, Date.now(), mode);
  if (givenUp.length > 0) tell.problem(givenUpText(hook, givenUp));
  for (const each of due) {
    // The next run finds the rest as it is: from the oldest that has not succeeded on.
    if (Date.now() > mode.deadline) break;
    if (!mode.dryRun) await hooks.redeliver(String(hook), each.id);
    const { event, guid, status } = each;
    tell.failed({ host: host.name, of, event, deliveryId: guid, status });
  }
  if (!mode.dryRun && !hadNoTime) await keepSince(cursor, next ?? isoTime(since));
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

const unread = (hook: number): string =>
  `there was no time to read all that the webhook ${hook} has sent: what failed among the rest is looked for in the next run`;

const tooMany = (hook: number, read: readonly HookDelivery[]): string =>
  `the webhook ${hook} has sent more since the last look than is read of it: what failed before ${read.at(-1)?.delivered_at} is not looked for; see "hookline hooks deliveries"`;

const givenUpText = (hook: number, givenUp: readonly HookDelivery[]): string =>
  `${givenUp.length} deliveries of the webhook ${hook} have failed for so long that the schedule has them sent no more, the last at ${givenUp[0]?.delivered_at}: "hookline reconcile" has them sent again, ten minutes after their last attempt`;

const isOurs = (url = ''): boolean =>
  environment('DOORS')
    .split(' ')
    .some((door) => url.startsWith(door));
