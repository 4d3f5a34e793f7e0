import * as z from 'zod';
import type { Pulled } from '../../statemachine/payloads.ts';
import { optionsHash } from './artifact.ts';
import { toldAt } from './closed.ts';

/** A commit of a ref as a delivery told of it, and what is known of its place among the others. */
export const placedCommitSchema = z.object({
  commit: z.string(),
  /** the fencing token of the look-up, the highest when several deliveries told of the commit */
  token: z.number(),
  /** whose tokens these are: rules with other pull options count for themselves */
  counter: z.string().default(''),
  /** the highest token under which the host had this commit at the ref; 0 for none */
  atTip: z.number().default(0),
  /** what the host had at the ref under `token` */
  tip: z.string().default(''),
  /** the commit that the push replaced, `""` when it is not known */
  before: z.string().default(''),
  /** the host's own time of the push in epoch seconds, 0 when it is not known */
  pushedAt: z.number().default(0),
  /** ISO time of the push or of the request by its host's clock, or of the event */
  time: z.string().default(''),
  /** the key of the artifact that stands for the commit, which may be another one's; another release has recorded none */
  key: z.string().default(''),
});

export type PlacedCommit = z.infer<typeof placedCommitSchema>;

/** What a pulled delivery tells of its commit. */
export function placedCommitOf(state: Pulled): PlacedCommit {
  const { delivery, rule, pull } = state;
  return {
    commit: pull.commit,
    token: pull.token,
    counter: optionsHash(rule.pull),
    atTip: pull.tip === pull.commit ? pull.token : 0,
    tip: pull.tip,
    before: delivery.before ?? '',
    pushedAt: delivery.pushedAt ?? 0,
    time: toldAt(state),
    key: pull.key,
  };
}

/** Whether `one` is older than `other` on their ref (I5, I10). Of one commit, neither is. */
export function isOlder(one: PlacedCommit, other: PlacedCommit): boolean {
  if (one.commit === other.commit) return false;
  for (const order of [byTokens, byTips, byClearTimes, byPushes, byHostTimes, byEventTimes])
    if (order(one, other) !== 0) return order(one, other) < 0;
  return one.counter === other.counter && one.token < other.token;
}

/**
 * The host had one at the ref in a look-up that began after the other was pushed, as the other's token was handed out
 * before: nothing was pushed over the one but what came later.
 */
function byTokens(one: PlacedCommit, other: PlacedCommit): number {
  if (one.counter !== other.counter) return 0;
  return Number(one.atTip > other.token) - Number(other.atTip > one.token);
}

/** The look-up of one found the other at the ref. */
function byTips(one: PlacedCommit, other: PlacedCommit): number {
  return Number(other.tip === one.commit) - Number(one.tip === other.commit);
}

/** A payload that the host makes late may tell the time of a later push of the repository, but not by so much. */
const CLEAR_SECONDS = 60;

/** A ref that has come back to a commit, by force or made anew, was at that commit also before the push that replaced it. */
function byClearTimes(one: PlacedCommit, other: PlacedCommit): number {
  const apart = byHostTimes(one, other);
  return Math.abs(apart) > CLEAR_SECONDS ? apart : 0;
}

/** The push of one replaced the other. */
function byPushes(one: PlacedCommit, other: PlacedCommit): number {
  return Number(one.before === other.commit) - Number(other.before === one.commit);
}

function byHostTimes(one: PlacedCommit, other: PlacedCommit): number {
  return one.pushedAt && other.pushedAt ? one.pushedAt - other.pushedAt : 0;
}

/** A redelivery's event is later than its push: where one push has a time of the host, that counts in place of the event's. */
function byEventTimes(one: PlacedCommit, other: PlacedCommit): number {
  const mixed = Boolean(one.pushedAt) !== Boolean(other.pushedAt);
  const when = ({ pushedAt, time }: PlacedCommit): number =>
    mixed && pushedAt ? pushedAt * 1000 : Date.parse(time);
  return when(one) - when(other) || 0;
}

/** Two tellings of one commit as one, so that what either of them knows is kept. */
export function mergedPlace(one: PlacedCommit, other: PlacedCommit): PlacedCommit {
  const later = byHostTimes(one, other) || byEventTimes(one, other) || one.token - other.token;
  const [last, first] = later < 0 ? [other, one] : [one, other];
  // Tokens of two counters cannot be compared: the other's stay.
  const looked = one.counter !== other.counter || one.token < other.token ? other : one;
  return {
    ...looked,
    atTip: one.counter === other.counter ? Math.max(one.atTip, other.atTip) : other.atTip,
    before: last.before || first.before,
    pushedAt: last.pushedAt || first.pushedAt,
    time: last.time || first.time,
    key: looked.key || one.key || other.key,
  };
}
