import type { Values } from '../../events/template.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { TakenDown } from '../../statemachine/payloads.ts';
import { toldAt } from '../shared/closed.ts';
import { recordClosed } from '../shared/closed-requests.ts';
import { type EndedState, isLastEnd, newEnd, startRecorded } from '../shared/end-pipeline.ts';
import { type End, readEnds, recordEnd, sharedEndName } from '../shared/end-records.ts';

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
  const answer = (outcome: TakenDown['outcome'], executionId = ''): TakenDown => ({
    ...{ name: executionId === '' ? '' : end.pipeline, executionId, outcome, seconds: 0, since },
  });
  const before = (await readEnds(id)).ends[name];
  const isOurs = before?.owner === owner;
  if (isOurs && before.executionId !== '') return answer(outcomes.pipelineStarted, before.executionId);
  const same = before && (isOurs || (await isSameEnd(before, state))) ? before : undefined;
  const record = (ended: End) => recordEnd(id, owner, 'ends', name, ended);
  if (same && same.executionId !== '') {
    await record(toldOf(same, state));
    return answer(outcomes.unchanged);
  }
  if (await of.isBack()) return answer(outcomes.superseded);
  if (state.route === 'close') await recordClosed(id, owner, name, { time: toldAt(state) });
  // Whoever was about to start it may have done so: asked by that name and the same values, CodePipeline starts nothing twice.
  const begun = toldOf(same ?? (await newEnd(owner, state, end.variables)), state);
  // Before the start: whoever tells of the end next must know of it, even if this function dies in between.
  await record(begun);
  const { executionId } = await startRecorded(
    { id, owner, name },
    end.pipeline,
    begun,
    same ? undefined : before,
  );
  return answer(outcomes.pipelineStarted, executionId);
}

/**
 * Whether an end is told of again. Nothing was taken of the ref since; of a ref of which nothing was ever taken, the host tells of one
 * end by each event once. A replay is deliberate, so that it repeats only what was started under its own name (I3).
 */
const isSameEnd = async (before: End, state: EndedState): Promise<boolean> =>
  (state.replayName === '' || state.replayName === before.replayName) &&
  (before.taken > 0 || !before.told.includes(state.delivery.event)) &&
  (await isLastEnd(before, state));

const toldOf = (end: End, { delivery: { event } }: EndedState): End => ({
  ...end,
  told: [...new Set([...end.told, event])],
});
