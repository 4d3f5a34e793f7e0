import { firstName } from '../../events/rule-name.ts';
import type { Values } from '../../events/template.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { TakenDown } from '../../statemachine/payloads.ts';
import { type EndedState, startEnd } from '../shared/end-pipeline.ts';
import { readEnds, recordEnd } from '../shared/end-records.ts';
import { pointerOf } from '../shared/move-pointer.ts';
import { readRef } from '../shared/ref-record.ts';

interface SharedEnd {
  readonly id: string;
  readonly owner: string;
  readonly end: { readonly pipeline: string; readonly variables: Values };
  readonly state: EndedState;
  readonly since: string;
  isBack(): Promise<boolean>;
}

/**
 * Starts the rule's pipeline for the end of a branch or a pull request, once for each end: the host may tell of it twice, by
 * `push` and `delete`. Throws `PipelineMissing`.
 */
export async function endShared(of: SharedEnd): Promise<TakenDown> {
  const { id, owner, end, state, since } = of;
  const name = `${firstName(state.rule)} at ${state.route}`;
  const { taken } = await readRef(pointerOf(state));
  const last = taken[firstName(state.rule)]?.token ?? 0;
  const before = (await readEnds(id)).ends[name];
  const answer = (outcome: TakenDown['outcome'], executionId = ''): TakenDown => ({
    ...{ name: executionId === '' ? '' : end.pipeline, executionId, outcome, seconds: 0, since },
  });
  if (before?.owner === owner) return answer(outcomes.pipelineStarted, before.executionId);
  if (before && last > 0 && before.taken === last && state.replayName === '')
    return answer(outcomes.unchanged);
  if (await of.isBack()) return answer(outcomes.superseded);
  const executionId = await startEnd({ owner, ...end, state });
  await recordEnd(id, owner, 'ends', name, { owner, executionId, taken: last, until: 0 });
  return answer(outcomes.pipelineStarted, executionId);
}
