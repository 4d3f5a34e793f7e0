import { createHash } from 'node:crypto';
import {
  GetPipelineExecutionCommand,
  type PipelineDeclaration,
  type SourceRevisionOverride,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { firstName } from '../../events/rule-name.ts';
import type { Values } from '../../events/template.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { artifactKey } from './artifact.ts';
import { codepipeline, namedPipeline, ownSources } from './codepipeline.ts';
import { pointerOf } from './move-pointer.ts';
import { variablesOf } from './pipeline-variables.ts';
import { readRef } from './ref-record.ts';

/** The state of a delivery that says that a branch is gone or a pull request is closed. */
export type EndedState = Omit<Pulled, 'pull' | 'reason' | 'asked'>;

export interface EndStart {
  /** by whose name CodePipeline is asked: asked again by it, it answers the same */
  readonly owner: string;
  readonly pipeline: string;
  readonly variables: Values;
  readonly state: EndedState;
  /** the last commit of the ref that the rule has built; looked up where it is not known */
  readonly commit?: string;
}

/**
 * Starts a pipeline at the end of a branch or a pull request, on the last commit of it that the rule has built, with those of
 * the variables that the pipeline declares. Throws `PipelineMissing`.
 * @returns the pipeline execution's id
 */
export async function startEnd({ owner, pipeline, variables, state, ...known }: EndStart): Promise<string> {
  const { declaration } = await namedPipeline(pipeline);
  const commit = known.commit ?? (await lastCommit(state));
  const key = commit === '' ? '' : keyOf(state, commit);
  const declared = new Set((declaration.variables ?? []).map(({ name }) => name));
  const values = variablesOf(variables, { ...state, pull: { commit, key, versionId: '' } });
  const given = values.filter(({ name }) => declared.has(name));
  const { pipelineExecutionId } = await codepipeline().send(
    new StartPipelineExecutionCommand({
      name: pipeline,
      clientRequestToken: createHash('sha256').update(`${owner} ends by ${pipeline}`).digest('hex'),
      sourceRevisions: sourceOf(declaration, key),
      ...(given.length > 0 ? { variables: given } : {}),
    }),
  );
  return pipelineExecutionId ?? '';
}

/** What has become of an execution. */
export async function statusOf(pipelineName: string, pipelineExecutionId: string): Promise<string> {
  const { pipelineExecution } = await codepipeline().send(
    new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }),
  );
  return pipelineExecution?.status ?? 'InProgress';
}

export const runs = (status: string): boolean => status === 'InProgress' || status === 'Stopping';

/** The last commit of the ref that the rule has built, `""` for none. */
export async function lastCommit(state: EndedState): Promise<string> {
  const { taken } = await readRef(pointerOf(state));
  return taken[firstName(state.rule)]?.commit ?? '';
}

/** `""` where the key hangs on tags that nobody knows any more. */
function keyOf({ delivery, rule }: EndedState, commit: string): string {
  const { git } = rule.pull;
  if (typeof git === 'object' && git.tags) return '';
  return artifactKey({ host: delivery.host, fullName: delivery.repository.fullName }, rule.pull, commit);
}

/** A pipeline whose source takes no other object runs on what it is configured with. */
function sourceOf(declaration: PipelineDeclaration, key: string): SourceRevisionOverride[] {
  const [source, ...others] = ownSources(declaration);
  if (key === '' || !source?.name || others.length > 0) return [];
  if (source.configuration?.AllowOverrideForS3ObjectKey !== 'true') return [];
  return [{ actionName: source.name, revisionType: 'S3_OBJECT_KEY', revisionValue: key }];
}
