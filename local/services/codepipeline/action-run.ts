import { createHash } from 'node:crypto';
import type { Cloud, Principal } from '../../core/cloud.ts';
import type { ActionExecution, Execution, Revision, StoredArtifact } from './execution.ts';
import type { Action, Pipeline } from './pipeline.ts';

/** One run of an action, within an execution of its pipeline. */
export interface ActionRun {
  readonly cloud: Cloud;
  readonly pipeline: Pipeline;
  readonly execution: Execution;
  readonly action: Action;
  /** the action so far, for one that is taken up again */
  readonly known: ActionExecution;
  /** aborts when the process ends or the execution is abandoned */
  readonly signal: AbortSignal;
  /** records what the run has found out, on disk when this resolves */
  note(part: Pick<ActionExecution, 'configuration' | 'externalId'>): Promise<void>;
}

/** The products of a run of an action. */
export interface ActionResult {
  readonly artifacts: Readonly<Record<string, StoredArtifact>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly summary?: string;
  readonly revision?: Revision;
}

/**
 * The role of an action: the pipeline's, or the action's own, which the pipeline's takes up.
 * @throws AccessDenied when one of them may not
 */
export function roleOf({
  cloud,
  pipeline,
  action,
}: Pick<ActionRun, 'cloud' | 'pipeline' | 'action'>): Principal {
  const own = pipelineRole(cloud, pipeline);
  return action.ownRole ? cloud.assume(action.roleArn, own) : own;
}

/** The role that CodePipeline takes up for a pipeline. @throws AccessDenied when the role does not trust CodePipeline */
export const pipelineRole = (cloud: Cloud, { roleArn, arn }: Pick<Pipeline, 'roleArn' | 'arn'>): Principal =>
  cloud.assume(roleArn, cloud.acting('codepipeline.amazonaws.com', arn));

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The location of an execution's artifact in the store. An action that is taken up again gets the same location. */
export function artifactLocation(
  { name, store }: Pipeline,
  { id }: Execution,
  artifact: string,
): StoredArtifact {
  const digest = createHash('sha256').update(`${id} ${artifact}`).digest();
  const unique = Array.from(digest.subarray(0, 7), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return { bucket: store, key: `${name.slice(0, 20)}/${artifact.slice(0, 10)}/${unique}` };
}
