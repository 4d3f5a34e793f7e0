import { firstName } from '../../events/rule-name.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { isClosedAfter } from '../shared/closed.ts';
import { readEnds, sharedEndName } from '../shared/end-records.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import type { Ref } from '../shared/ref-record.ts';

/**
 * Nothing is made anew for a branch that was deleted, or a request that was closed, since the host told of the commit. Throws
 * `Superseded`, and `TeardownRuns` while the pipeline's teardown runs: what is deployed meanwhile would be taken down.
 */
export async function refuseEnded(
  state: Pulled,
  { gone }: Ref,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<void> {
  const { delivery, rule, pull } = state;
  const { ends, closed } = await readEnds(id);
  const isClosed = rule.pipeline?.each === 'pull-request' && isClosedAfter(closed[name] ?? '', state);
  if (gone > pull.token || isClosed)
    throw new HooklineError(
      errors.superseded,
      `${isClosed ? `pull request ${delivery.pullRequest?.number} was closed` : `${delivery.ref} was deleted`} after ${pull.commit} was told of`,
    );
  if (Date.now() < (ends[name]?.until ?? 0))
    throw new HooklineError(
      errors.teardownRuns,
      `the teardown of ${name} runs; ${pull.commit} is started when it has ended`,
    );
}

/** ISO time at which the pull request was last closed, where that took down what the rule had started; `""` for never. */
export async function closedAt(state: Pulled, id: string, name: string): Promise<string> {
  const { rule } = state;
  if (!rule.pipeline?.each && !rule['on-close']) return '';
  const { closed } = await readEnds(id);
  if (rule.pipeline?.each) return closed[name] ?? '';
  // Another release has recorded one close for all requests of the branch.
  return closed[sharedEndName({ ...state, route: 'close' })] ?? closed[`${firstName(rule)} at close`] ?? '';
}
