import { createHash } from 'node:crypto';
import {
  CodePipelineServiceException,
  type PipelineDeclaration,
  type SourceRevisionOverride,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { codepipeline, namedPipeline, sourceOf } from '../shared/codepipeline.ts';
import { errors, HooklineError } from '../shared/errors.ts';

export interface PipelineStart {
  readonly pipeline: string;
  readonly executionArn: string;
  readonly key: string;
  readonly versionId: string;
  /** of a V2 pipeline; none for a V1, which takes none */
  readonly variables: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Starts a pipeline on one version of one object: the same start again, for the same execution, is the same pipeline
 * execution. Throws `PipelineMissing`, `PipelineSource`.
 * @returns the pipeline execution's id
 */
export async function startExecution(start: PipelineStart): Promise<string> {
  const { declaration } = await namedPipeline(start.pipeline);
  return startDeclared(declaration, start);
}

/** The same of a pipeline that was looked up. */
export async function startDeclared(
  declaration: PipelineDeclaration,
  { pipeline, executionArn, key, versionId, variables }: PipelineStart,
): Promise<string> {
  const actionName = sourceOf(declaration);
  const sourceRevisions: SourceRevisionOverride[] = [
    { actionName, revisionType: 'S3_OBJECT_KEY', revisionValue: key },
    { actionName, revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: versionId },
  ];
  const clientRequestToken = createHash('sha256').update(`${executionArn} ${pipeline}`).digest('hex');
  const { pipelineExecutionId } = await codepipeline().send(
    new StartPipelineExecutionCommand({
      name: pipeline,
      sourceRevisions,
      clientRequestToken,
      ...(variables.length === 0 ? {} : { variables: [...variables] }),
    }),
  );
  return pipelineExecutionId ?? '';
}

/**
 * Whether an error of `start` says for certain that nothing was started; a call that broke off may have started it, as may an
 * earlier try of the SDK.
 */
export function nothingStarted(error: unknown): boolean {
  if (error instanceof HooklineError) return error.name !== errors.refBusy;
  const { httpStatusCode: status = 500, attempts = 1 } =
    error instanceof CodePipelineServiceException ? error.$metadata : {};
  return status < 500 && attempts <= 1;
}
