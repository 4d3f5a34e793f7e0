import { createHash } from 'node:crypto';
import {
  GetPipelineExecutionCommand,
  type PipelineDeclaration,
  CodePipelineServiceException as ServiceException,
  type SourceRevisionOverride,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { firstName } from '../../events/rule-name.ts';
import type { Values } from '../../events/template.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { artifactKey } from './artifact.ts';
import { codepipeline, namedPipeline, ownSources } from './codepipeline.ts';
import { type End, recordEnd } from './end-records.ts';
import { errors, HooklineError } from './errors.ts';
import { isObject } from './is-object.ts';
import { isPassingOfAws } from './may-pass.ts';
import { pointerOf } from './move-pointer.ts';
import type { PlacedCommit } from './order.ts';
import { variablesOf } from './pipeline-variables.ts';
import { readRef } from './ref-record.ts';

/** The state of a delivery that says that a branch is gone or a pull request is closed. */
export type EndedState = Omit<Pulled, 'pull' | 'reason' | 'asked'>;

/**
 * What is on record of an end before its pipeline is started: on the last commit of the ref that the rule has built.
 * @param owner by whose name CodePipeline is asked
 * @param variables the rule's, to be filled in
 */
export async function newEnd(owner: string, state: EndedState, variables: Values): Promise<End> {
  const last = await lastTaken(state);
  const commit = last?.commit ?? '';
  const key = await artifactOf(state, last);
  return {
    ...{ owner, executionId: '', commit, key },
    variables: variablesOf(variables, { ...state, pull: { commit, key, versionId: '' } }),
    ...{ taken: last?.token ?? 0, counter: last?.counter ?? '', until: 0 },
    ...{ delivery: state.delivery.id, replayName: state.replayName, told: [], failed: false },
  };
}

/** The last commit of the ref that the rule has taken. */
async function lastTaken(state: EndedState): Promise<PlacedCommit | undefined> {
  return (await readRef(pointerOf(state))).taken[firstName(state.rule)];
}

/** `""` where there is none any more, or where its key hangs on tags that nobody knows: artifacts may expire. */
async function artifactOf(state: EndedState, last: PlacedCommit | undefined): Promise<string> {
  const key = last?.key || (last ? keyOf(state, last.commit) : '');
  return key !== '' && (await isObject(key)) ? key : '';
}

/** The key of a commit that another release has taken. */
function keyOf({ delivery, rule }: EndedState, commit: string): string {
  const { git } = rule.pull;
  if (typeof git === 'object' && git.tags) return '';
  return artifactKey({ host: delivery.host, fullName: delivery.repository.fullName }, rule.pull, commit);
}

/** Whether the rule has taken no commit of the ref since an end. Another release has not recorded whose tokens they are. */
export async function isLastEnd({ taken, counter }: End, state: EndedState): Promise<boolean> {
  const last = await lastTaken(state);
  const known = last?.counter ?? '';
  return taken === (last?.token ?? 0) && (counter ?? known) === known;
}

/** By whom and by what an end is on record. */
export interface EndRecord {
  /** the record of the ref's starts */
  readonly id: string;
  /** who has its lease */
  readonly owner: string;
  readonly name: string;
}

/**
 * Starts the pipeline of an end that is on record, and records its execution: an end that was cut off before that is the same
 * start. A refusal brings back what was on record before it. Throws `PipelineMissing`.
 */
export async function startRecorded(
  { id, owner, name }: EndRecord,
  pipeline: string,
  end: End,
  before?: End,
): Promise<End> {
  try {
    const { variables: _, ...started } = { ...end, executionId: await startEnd(pipeline, end) };
    await recordEnd(id, owner, 'ends', name, started);
    return started;
  } catch (error) {
    if (isRefusal(error)) await recordEnd(id, owner, 'ends', name, before);
    throw error;
  }
}

/** Whether nothing was started, and no other try will start it: nobody is kept waiting. */
function isRefusal(error: unknown): boolean {
  if (error instanceof HooklineError) return error.name !== errors.refBusy;
  return error instanceof ServiceException && error.$fault === 'client' && !isPassingOfAws(error);
}

/** Starts it on the commit's artifact, with those of the variables that it declares. @returns the execution's id */
async function startEnd(pipeline: string, { owner, key = '', variables = [] }: End): Promise<string> {
  const { declaration } = await namedPipeline(pipeline);
  const declared = new Set((declaration.variables ?? []).map(({ name }) => name));
  const given = variables.filter(({ name }) => declared.has(name));
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

/** A pipeline whose source takes no other object runs on what it is configured with. */
function sourceOf(declaration: PipelineDeclaration, key: string): SourceRevisionOverride[] {
  const [source, ...others] = ownSources(declaration);
  if (key === '' || !source?.name || others.length > 0) return [];
  if (source.configuration?.AllowOverrideForS3ObjectKey !== 'true') return [];
  return [{ actionName: source.name, revisionType: 'S3_OBJECT_KEY', revisionValue: key }];
}
