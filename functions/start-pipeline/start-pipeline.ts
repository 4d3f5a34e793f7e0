import { firstName } from '../../events/rule-name.ts';
import type { PipelineStarted, Pulled } from '../../statemachine/payloads.ts';
import { startsId } from '../../statemachine/record-ids.ts';
import { optionsHash } from '../shared/artifact.ts';
import { isClosedAfter, isClosedSince, toldAt } from '../shared/closed.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { recordStarted, withLease } from '../shared/lease.ts';
import { pointerOf } from '../shared/move-pointer.ts';
import { isOlder, placedCommitOf } from '../shared/order.ts';
import { pipelineNameOf } from '../shared/pipeline-name.ts';
import { variablesOf } from '../shared/pipeline-variables.ts';
import { type Ref, readRef } from '../shared/ref-record.ts';
import {
  isBeforeGone,
  newestOf,
  readStarted,
  repeated,
  type Start,
  type Started,
  startOfFolder,
  withoutStart,
  withoutVariables,
  withStart,
} from '../shared/started.ts';
import { recordNewest, withdrawNewest } from '../shared/taken.ts';
import { startInOwnPipeline } from './branch-pipeline.ts';
import { closedAt, refuseEnded } from './ended.ts';
import { nothingStarted, startExecution } from './pipeline.ts';

export interface StartInput {
  readonly executionArn: string;
  readonly state: Pulled;
}

/**
 * Starts the rule's pipeline on the delivered commit's artifact, never after a newer delivery of the ref (I5), unless the
 * rule says so, and once for each commit (I10). Throws `Superseded`, `Unchanged`, `RefBusy`, `PipelineMissing`, `PipelineSource`.
 */
export function startPipeline({ executionArn, state }: StartInput): Promise<PipelineStarted> {
  const { rule, delivery, pull } = state;
  const { pipeline } = rule;
  const name = pipelineNameOf(state);
  const id = startsId(delivery.host, delivery.repository.fullName, delivery.ref);
  return withLease(id, executionArn, async () => {
    const ref = await readRef(pointerOf(state));
    const held = await readStarted(id, name);
    const counter = optionsHash(rule.pull);
    const undone = undoneBy(state, ref, await closedAt(state, id, name));
    const earlier = earlierStart(state, held, undone);
    if (earlier?.executionId && earlier.executionArn === executionArn)
      return { name, executionId: earlier.executionId };
    const taken = ref.taken[firstName(rule)];
    refuseSuperseded(state, taken, held);
    if (pipeline?.each) await refuseEnded(state, ref, { id, name });
    const record = (started: Started | undefined) => recordStarted(id, executionArn, name, started);
    // What this telling knows of the commit's place counts, though it starts nothing.
    if (earlier?.executionId && held?.commit === pull.commit)
      await record(newestOf(held, placedCommitOf(state)));
    if (earlier?.executionId)
      throw new HooklineError(
        errors.unchanged,
        `rule ${rule.name} has started ${name} on ${pull.commit} of ${delivery.ref} before; redeliver it to start it again`,
      );
    const same = sameFolder(state, held, undone);
    if (same) {
      // That start stands for this commit too: whoever tells of the commit again repeats it, and an older one comes late.
      const { commit, token } = pull;
      const told = { commit, replayName: state.replayName, token, counter, time: toldAt(state) };
      await record(withStart(held, placedCommitOf(state), { ...same, ...told }));
      throw new HooklineError(
        errors.unchanged,
        `rule ${rule.name} has started ${name} on ${same.commit}, whose ${rule.pull.path} is that of ${pull.commit}; redeliver to start it again`,
      );
    }
    const start: Start = {
      rule: firstName(rule),
      commit: pull.commit,
      // Whoever was about to start it may have done so: by its name, CodePipeline starts nothing twice.
      executionArn: earlier?.executionArn ?? executionArn,
      executionId: '',
      replayName: state.replayName,
      token: pull.token,
      counter,
      time: toldAt(state),
      content: contentOf(state),
      // What is asked again by its name is asked with its values: another delivery may have others.
      variables: earlier?.variables ?? variablesOf(pipeline?.variables ?? {}, state),
    };
    // A refusal has given the place up, and this try takes it again: what ends the ref goes by it.
    if (taken?.commit !== pull.commit) await recordNewest(state);
    return { name, executionId: await recordAndStart(state, name, { held, start, record }) };
  });
}

/** Whether the end of the ref, or of the request, has undone a start. */
type Undone = (start: Start) => boolean;

/** The start that this one would repeat. */
function earlierStart(state: Pulled, held: Started | undefined, undone: Undone): Start | undefined {
  const { pull } = state;
  const earlier = repeated(held, state, pull.commit);
  if (!held || !earlier) return undefined;
  // The ref had another commit, and has come back.
  const back = held.commit !== pull.commit && !isOlder(placedCommitOf(state), held);
  return undone(earlier) || back ? undefined : earlier;
}

/** The start of the same folder that stands for this delivery too. */
function sameFolder(state: Pulled, held: Started | undefined, undone: Undone): Start | undefined {
  const start = startOfFolder(held, state, contentOf(state));
  return start && !undone(start) ? start : undefined;
}

/** The content of two folders is compared where all options of the pull are the same. */
const contentOf = ({ pull, rule }: Pulled): string =>
  pull.content === '' ? '' : `${optionsHash(rule.pull)} ${pull.content}`;

/**
 * The ref was deleted since the start and has come back, or the request was closed, which took down its pipeline, and is open again.
 * @param closed ISO time, `""` for a request that was never closed
 */
const undoneBy =
  (state: Pulled, { gone }: Ref, closed: string): Undone =>
  (start) =>
    (isBeforeGone(start, gone, optionsHash(state.rule.pull)) &&
      gone < state.pull.token &&
      state.pull.tip === state.pull.commit) ||
    (isClosedSince(closed, start.time) && !isClosedAfter(closed, state));

/** A newer delivery may have been taken or started since Publish looked. */
function refuseSuperseded(state: Pulled, ...newest: (Ref['taken'][string] | undefined)[]): void {
  if (state.rule.superseded === 'start') return;
  const placed = placedCommitOf(state);
  const newer = newest.find((held) => held && isOlder(placed, held));
  if (newer)
    throw new HooklineError(
      errors.superseded,
      `${state.delivery.ref} has a newer commit ${newer.commit} that takes the pipeline of ${placed.commit}`,
    );
}

interface RecordedStart {
  readonly held: Started | undefined;
  readonly start: Start;
  readonly record: (started: Started | undefined) => Promise<void>;
}

/** @returns the pipeline execution's id */
async function recordAndStart(
  state: Pulled,
  name: string,
  { held, start, record }: RecordedStart,
): Promise<string> {
  const placed = placedCommitOf(state);
  // Before the start: whoever comes next must know of it, even if this function dies in between.
  await record(withStart(held, placed, start));
  const executionId = await startOnArtifact(state, name, start).catch(async (error: unknown) => {
    if (nothingStarted(error)) {
      const back = withoutStart(held, start);
      await record(back);
      await withdrawNewest(state, back && repeated(back, state, back.commit) && back);
    }
    throw error;
  });
  await record(withStart(held, placed, { ...withoutVariables(start), executionId }));
  return executionId;
}

function startOnArtifact(
  state: Pulled,
  pipeline: string,
  { executionArn, variables = [] }: Start,
): Promise<string> {
  const { key, versionId } = state.pull;
  const start = { pipeline, executionArn, key, versionId, variables };
  return state.rule.pipeline?.each ? startInOwnPipeline(state, start) : startExecution(start);
}
