import { outcomes } from '../../statemachine/outcomes.ts';
import type { PublishResult, Pulled } from '../../statemachine/payloads.ts';
import { commitOfKey } from '../shared/artifact.ts';
import { isClosedAfter } from '../shared/closed.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { movePointer, pointerOf } from '../shared/move-pointer.ts';
import { readRef } from '../shared/ref-record.ts';
import { recordNewest } from '../shared/taken.ts';
import { publishBehind } from './behind.ts';

export interface PublishInput {
  readonly state: Pulled;
  readonly executionArn: string;
}

/**
 * Publishes a pull: the pointer moves to what the host has at the ref. The delivery is `Superseded` when its rule has
 * taken a newer one of the ref (I10); a push that the rule did not take supersedes nothing.
 * Throws `CommitNotOnRef` once the pointer has moved, whatever the rule says of superseded ones: nobody can tell a commit
 * that a forced push took off the ref from one that was never there. Throws `NewerUnderWay` for one that waits for a newer one.
 */
export async function publish({ state, executionArn }: PublishInput): Promise<PublishResult> {
  const { outcome, commit, tip } = state.pull;
  // What the rule does not take moves nothing and supersedes nothing (I10).
  if (outcome === 'filtered') return { outcome: outcomes.ignored, commit, pointer: '', startPipeline: false };
  if (outcome === 'behind') return publishBehind(state, executionArn);
  if (await isClosed(state))
    return { outcome: outcomes.refGone, commit: '', pointer: pointerOf(state), startPipeline: false };
  const pointer = await movePointer(state);
  if (outcome === 'gone') return { outcome: outcomes.refGone, commit: '', pointer, startPipeline: false };
  if (outcome === 'off-ref')
    throw new HooklineError(
      errors.commitNotOnRef,
      `commit ${commit} is not on ${state.delivery.ref}${tip && `, which is at ${tip}`}: a forced push took it off, or it was never there; push it to have it built`,
    );
  const isNewest = await recordNewest(state);
  const startPipeline = isNewest || state.rule.superseded === 'start';
  const published = isUnchanged(state) ? outcomes.unchanged : outcomes.published;
  return { outcome: isNewest ? published : outcomes.superseded, commit, pointer, startPipeline };
}

/** Whether the request was closed after this delivery, whose ref its host keeps. A replay is deliberate (I3). */
async function isClosed(state: Pulled): Promise<boolean> {
  if (state.delivery.pullRequest === undefined || state.replayName !== '') return false;
  const { closed } = await readRef(pointerOf(state));
  return isClosedAfter(closed, state);
}

/**
 * Whether the folder that the rule takes is as it was at the ref, so that an earlier commit's artifact stands for this one.
 * With a pipeline, StartPipeline decides: the earlier commit may have started none. A replay is deliberate (I3).
 */
function isUnchanged({ pull, rule, replayName }: Pulled): boolean {
  return rule.pipeline === undefined && replayName === '' && commitOfKey(pull.key) !== pull.commit;
}
