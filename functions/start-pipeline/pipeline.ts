import { createHash } from 'node:crypto';
import {
  CodePipelineClient,
  CodePipelineServiceException,
  GetPipelineCommand,
  type SourceRevisionOverride,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { errors, HooklineError } from '../shared/errors.ts';
import { environment } from '../shared/setting.ts';

export interface PipelineStart {
  readonly pipeline: string;
  readonly executionArn: string;
  readonly key: string;
  readonly versionId: string;
  /** of a V2 pipeline; none for a V1, which takes none */
  readonly variables: readonly { readonly name: string; readonly value: string }[];
}

let client: CodePipelineClient | undefined;
const codepipeline = () => {
  client ??= new CodePipelineClient();
  return client;
};

/**
 * Starts a pipeline on one version of one object: the same start again, for the same execution, is the same pipeline
 * execution. Throws `PipelineMissing`, `PipelineSource`.
 * @returns the pipeline execution's id
 */
export async function startExecution({
  pipeline,
  executionArn,
  key,
  versionId,
  variables,
}: PipelineStart): Promise<string> {
  const actionName = await sourceOf(pipeline);
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

/** Whether an error of `start` says for certain that nothing was started; a call that broke off may have started it. */
export function nothingStarted(error: unknown): boolean {
  if (error instanceof HooklineError) return true;
  const status = error instanceof CodePipelineServiceException ? error.$metadata.httpStatusCode : undefined;
  return status !== undefined && status >= 400 && status < 500;
}

/** The action that takes the artifact: the one S3 source of our bucket, open to another key. */
async function sourceOf(name: string): Promise<string> {
  const bucket = environment('ARTIFACT_BUCKET');
  const actions = (await stagesOf(name)).flatMap(({ actions = [] }) => actions);
  const sources = actions.filter(
    ({ actionTypeId, configuration }) =>
      actionTypeId?.category === 'Source' &&
      actionTypeId.provider === 'S3' &&
      configuration?.S3Bucket === bucket,
  );
  const [source] = sources;
  if (!source?.name || sources.length > 1)
    throw new HooklineError(
      errors.pipelineSource,
      `pipeline ${name} has ${sources.length} S3 sources of bucket ${bucket}; give it exactly one`,
    );
  if (source.configuration?.AllowOverrideForS3ObjectKey !== 'true')
    throw new HooklineError(
      errors.pipelineSource,
      `source ${source.name} of pipeline ${name} takes no other object; set AllowOverrideForS3ObjectKey to true`,
    );
  return source.name;
}

async function stagesOf(name: string) {
  try {
    const { pipeline } = await codepipeline().send(new GetPipelineCommand({ name }));
    return pipeline?.stages ?? [];
  } catch (cause) {
    if (!(cause instanceof Error && cause.name === 'PipelineNotFoundException')) throw cause;
    throw new HooklineError(
      errors.pipelineMissing,
      `pipeline ${name} does not exist; create it or change the rule's \`pipeline\``,
      { cause },
    );
  }
}
