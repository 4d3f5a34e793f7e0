import type { PipelineStarted } from '../../statemachine/payloads.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { pointerOf } from '../shared/move-pointer.ts';
import { isOlder, toldBy } from '../shared/order.ts';
import { type Ref, readRef } from '../shared/ref-record.ts';
import {
  beginning,
  begun,
  builtBefore,
  readStarted,
  repeated,
  type Started,
  startsId,
  withOlder,
} from '../shared/started.ts';
import type { Pulled } from '../shared/state.ts';
import { giveBack } from '../shared/taken.ts';
import { recordStarted, withLease } from './lease.ts';
import { nothingStarted, start } from './pipeline.ts';
import { variablesOf } from './variables.ts';

export interface StartInput {
  readonly executionArn: string;
  readonly state: Pulled;
}

type Pipeline = NonNullable<Pulled['rule']['pipeline']>;

/**
 * Starts the rule's pipeline on the delivered commit's artifact, never after a newer delivery of the ref (I5), unless the
 * rule says so, and once for each commit (I10). Throws `Superseded`, `Unchanged`, `RefBusy`, `PipelineMissing`, `PipelineSource`.
 */
export function startPipeline({ executionArn, state }: StartInput): Promise<PipelineStarted> {
  const { rule, delivery, pull } = state;
  const { pipeline } = rule;
  if (pipeline === undefined)
    throw new HooklineError(errors.misconfigured, `rule ${rule.name} names no pipeline; add one`);
  const { name } = pipeline;
  const id = startsId(delivery.host, delivery.repository.fullName, delivery.ref);
  return withLease(id, executionArn, async () => {
    const ref = await readRef(pointerOf(state));
    const held = await readStarted(id, name);
    const own = held?.commit === pull.commit ? held.by[rule.name] : undefined;
    if (own?.executionArn === executionArn) return { name, executionId: own.executionId };
    refuseSuperseded(state, ref.taken[rule.name], held);
    refuseRepeated(state, ref, held);
    const record = (started: Started | undefined) => recordStarted(id, executionArn, name, started);
    return { name, executionId: await recordAndStart({ executionArn, state }, pipeline, held, record) };
  });
}

/** A newer delivery may have been taken or started since Publish looked. */
function refuseSuperseded(state: Pulled, ...newest: (Ref['taken'][string] | undefined)[]): void {
  if (state.rule.superseded === 'start') return;
  const told = toldBy(state);
  const newer = newest.find((held) => held && isOlder(told, held));
  if (newer)
    throw new HooklineError(
      errors.superseded,
      `${state.delivery.ref} has a newer commit ${newer.commit} that takes the pipeline of ${told.commit}`,
    );
}

function refuseRepeated(state: Pulled, { gone }: Ref, held: Started | undefined): void {
  const { rule, pull, replayName } = state;
  const earlier = repeated(held, state, pull.commit);
  // The ref was deleted since, and is there again at the same commit: what was started before counts no more.
  const again = earlier && earlier.token < gone && gone < pull.token && pull.tip === pull.commit;
  const older = replayName === '' && held?.commit !== pull.commit && held && isOlder(toldBy(state), held);
  if ((earlier && !again) || (older && builtBefore(held, rule.name, pull.commit)))
    throw new HooklineError(
      errors.unchanged,
      `rule ${rule.name} has started its pipeline on ${pull.commit} of ${state.delivery.ref} before; redeliver it to start it again`,
    );
}

/** @returns the pipeline execution's id */
async function recordAndStart(
  { executionArn, state }: StartInput,
  pipeline: Pipeline,
  held: Started | undefined,
  record: (started: Started | undefined) => Promise<void>,
): Promise<string> {
  const { rule, pull } = state;
  const told = toldBy(state);
  if (held && isOlder(told, held)) {
    const executionId = await begin({ executionArn, state }, pipeline);
    await record(withOlder(held, rule.name, pull.commit));
    return executionId;
  }
  const newest = beginning(held, told, { executionArn, rule: rule.name });
  // Before the start: whoever comes next must know of it, even if this function dies in between.
  await record(newest);
  const executionId = await begin({ executionArn, state }, pipeline).catch(async (error: unknown) => {
    if (nothingStarted(error)) {
      const { replaced } = newest;
      await record(replaced);
      await giveBack(state, replaced?.by[rule.name] && replaced);
    }
    throw error;
  });
  const start = { executionArn, executionId, replayName: state.replayName, token: pull.token };
  await record(begun(newest, rule.name, start));
  return executionId;
}

function begin({ executionArn, state }: StartInput, { name, variables }: Pipeline): Promise<string> {
  const { key, versionId } = state.pull;
  return start({
    pipeline: name,
    executionArn,
    key,
    versionId,
    variables: variablesOf(variables, state),
  });
}
