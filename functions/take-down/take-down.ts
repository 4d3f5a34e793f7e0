import { pipelineNameFor } from '../../events/pipeline-name.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { TakenDown } from '../../statemachine/payloads.ts';
import { startsId } from '../../statemachine/record-ids.ts';
import { toldAt } from '../shared/closed.ts';
import { recordClosed } from '../shared/closed-requests.ts';
import type { EndedState } from '../shared/end-pipeline.ts';
import { isOpenAgain, isThereAgain } from '../shared/is-back.ts';
import { withLease } from '../shared/lease.ts';
import { endOwn } from '../shared/own-pipeline-end.ts';
import { pipelineNameOf } from '../shared/pipeline-name.ts';
import { endShared } from './shared-end.ts';

export interface TakeDownInput {
  readonly executionArn: string;
  readonly state: EndedState & { readonly pipeline?: { readonly since: string } | undefined };
}

/** The end of a branch or a pull request: its own pipeline goes, or the rule's pipeline for the end is started. */
export async function takeDown({ executionArn: owner, state }: TakeDownInput): Promise<TakenDown> {
  const { delivery, rule, route } = state;
  const since = state.pipeline?.since ?? new Date().toISOString();
  const id = startsId(delivery.host, delivery.repository.fullName, delivery.ref);
  const isClosed = route === 'close';
  const end = isClosed ? rule['on-close'] : rule['on-delete'];
  const isOwn = rule.pipeline?.each === (isClosed ? 'pull-request' : 'branch');
  if (!isOwn && !end)
    return {
      ...{ name: '', executionId: '', seconds: 0, since },
      outcome: isClosed ? outcomes.ignored : outcomes.refRetired,
    };
  const told = { time: toldAt(state) };
  return withLease(id, owner, async () => {
    const name = isOwn ? pipelineNameOf(state) : startedName(state);
    const isBack = () => (isClosed ? isOpenAgain(id, name, told) : isThereAgain(state));
    if (!isOwn && end) return endShared({ id, owner, end, state, since, isBack });
    if (isClosed) await recordClosed(id, owner, name, told);
    return endOwn({ id, owner, name, state, since, isBack, again: state.replayName !== '' });
  });
}

/** The pipeline that the rule starts for all of its requests, `""` for none: by its starts, a request is known to be open again. */
function startedName({ rule, ...state }: EndedState): string {
  const made = rule.pipeline && pipelineNameFor(rule.pipeline, state);
  return made && 'name' in made ? made.name : '';
}
