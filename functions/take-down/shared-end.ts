import { firstName } from '../../events/rule-name.ts';
import type { Values } from '../../events/template.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { TakenDown } from '../../statemachine/payloads.ts';
import { type EndedState, startEnd } from '../shared/end-pipeline.ts';
import { type End, readEnds, recordClosed, recordEnd, sharedEndName } from '../shared/end-records.ts';
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
  const name = sharedEndName(state);
  const { taken } = await readRef(pointerOf(state));
  const last = taken[firstName(state.rule)]?.token ?? 0;
  const before = (await readEnds(id)).ends[name];
  const answer = (outcome: TakenDown['outcome'], executionId = ''): TakenDown => ({
    ...{ name: executionId === '' ? '' : end.pipeline, executionId, outcome, seconds: 0, since },
  });
  if (before?.owner === owner) return answer(outcomes.pipelineStarted, before.executionId);
  const { event, id: delivery } = state.delivery;
  const record = (ended: End) => recordEnd(id, owner, 'ends', name, ended);
  if (before && state.replayName === '' && isSameEnd(before, last, event)) {
    await record({ ...before, told: [...before.told, event] });
    return answer(outcomes.unchanged);
  }
  if (await of.isBack()) return answer(outcomes.superseded);
  const executionId = await startEnd({ owner, ...end, state });
  await record({
    ...{ owner, executionId, commit: '', taken: last, until: 0 },
    delivery,
    told: [event],
    failed: false,
  });
  if (state.route === 'close') await recordClosed(id, owner, name, state);
  return answer(outcomes.pipelineStarted, executionId);
}

/**
 * Whether an end is told of again. Nothing was taken of the ref since; of a ref of which nothing was ever taken, the host tells of one
 * end by each event once.
 */
const isSameEnd = ({ taken, told }: End, last: number, event: string): boolean =>
  taken === last && (last > 0 || !told.includes(event));
