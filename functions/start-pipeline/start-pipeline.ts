import type { PipelineStarted, Pulled } from '../../statemachine/payloads.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { pointerOf } from '../shared/move-pointer.ts';
import { readRef } from '../shared/ref-record.ts';
import { recordStarted, withLease } from './lease.ts';
import { start } from './pipeline.ts';
import { variablesOf } from './variables.ts';

export interface StartInput {
  readonly executionArn: string;
  readonly state: Pulled;
}

/**
 * Starts the rule's pipeline on the delivered commit's artifact, never after a newer delivery of the ref did (I5),
 * unless the rule says so. Throws `Superseded`, `RefBusy`, `PipelineMissing`, `PipelineSource`.
 */
export function startPipeline({ executionArn, state }: StartInput): Promise<PipelineStarted> {
  const { pipeline, superseded } = state.rule;
  if (pipeline === undefined)
    throw new HooklineError(errors.misconfigured, `rule ${state.rule.name} names no pipeline; add one`);
  const id = pointerOf(state);
  const { name } = pipeline;
  const { token, commit, key, versionId } = state.pull;
  return withLease(id, executionArn, async () => {
    const newest = (await readRef(id)).started[name]?.token ?? 0;
    if (newest > token && superseded === 'stop')
      throw new HooklineError(
        errors.superseded,
        `a newer delivery of ${state.delivery.ref} has started ${name} (token ${newest}, this one ${token})`,
      );
    // Before the start: whoever comes next must know of it, even if this function dies in between.
    if (token >= newest) await recordStarted(id, name, { token, commit: '' });
    const executionId = await start({
      pipeline: name,
      executionArn,
      key,
      versionId,
      variables: variablesOf(pipeline.variables, state),
    });
    if (token >= newest) await recordStarted(id, name, { token, commit });
    return { name, executionId };
  });
}
