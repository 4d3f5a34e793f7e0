import { firstName } from '../../events/rule-name.ts';
import type { State } from '../../statemachine/payloads.ts';
import { SETTLE_SECONDS } from '../../statemachine/settle.ts';
import { pointerKey } from './artifact.ts';
import { toldAt } from './closed.ts';
import { isOlder, placedCommitSchema } from './order.ts';
import { type ClaimedRef, type Ref, readRef, recordByRule } from './ref-record.ts';

/**
 * Records a delivery as the newest that a rule with `superseded: skip` has claimed of the ref, unless a newer one stands
 * there. Builds of older ones give way to it, so it must be one that is pulled: not one of which git is still to find out
 * whether the rule takes it.
 * @returns whether the rule has claimed another delivery of the ref whose event is at most `SETTLE_SECONDS` away
 */
export async function claimNewest(state: State, executionArn: string): Promise<boolean> {
  const { delivery, rule, asked } = state;
  const { repository, ref: name, commit } = delivery;
  const isOpen = asked.skip || asked.paths || asked['paths-ignore'];
  if (asked.giveWay === undefined || isOpen || !repository || !name || !commit) return false;
  const id = pointerKey({ host: delivery.host, fullName: repository.fullName }, rule.pull, name);
  const claimed = claimOf(state, commit, executionArn);
  for (;;) {
    const ref = await readRef(id);
    const held = ref.claimed[firstName(rule)];
    if (held && isOlder(claimed, held)) return isClose(claimed, held);
    if (await recordClaimed(id, state, ref, claimed)) return held !== undefined && isClose(claimed, held);
  }
}

const isClose = (one: ClaimedRef, other: ClaimedRef): boolean =>
  one.executionArn !== other.executionArn &&
  Math.abs(Date.parse(one.time) - Date.parse(other.time)) <= SETTLE_SECONDS * 1000;

/** A delivery of which nothing is known from a look-up. */
export const claimOf = (
  state: Pick<State, 'delivery' | 'time'>,
  commit: string,
  executionArn: string,
): ClaimedRef => {
  const { before, pushedAt, pullRequest } = state.delivery;
  // What closely follows a push is told by the events.
  const time = pullRequest ? toldAt(state) : state.time;
  const placed = placedCommitSchema.parse({ commit, token: 0, before, pushedAt, time });
  return { ...placed, executionArn };
};

/** @returns whether it was recorded: not when somebody has changed the record since `ref` was read */
export const recordClaimed = (
  id: string,
  { rule }: Pick<State, 'rule'>,
  ref: Ref,
  claimed: ClaimedRef,
): Promise<boolean> => recordByRule('claimed', id, ref, { ...ref.claimed, [firstName(rule)]: claimed });
