import {
  CodePipelineClient,
  GetPipelineCommand,
  ListTagsForResourceCommand,
  type PipelineDeclaration,
} from '@aws-sdk/client-codepipeline';
import { type PipelineTags, readTags } from '../../events/pipeline-tags.ts';
import { errors, HooklineError } from './errors.ts';
import { environment } from './setting.ts';

let client: CodePipelineClient | undefined;

/** The function's one client of CodePipeline. */
export function codepipeline(): CodePipelineClient {
  client ??= new CodePipelineClient();
  return client;
}

/** A pipeline as CodePipeline has it. */
export interface FoundPipeline {
  readonly declaration: PipelineDeclaration;
  readonly arn: string;
}

/** @returns undefined when there is none */
export async function findPipeline(name: string): Promise<FoundPipeline | undefined> {
  try {
    const { pipeline, metadata } = await codepipeline().send(new GetPipelineCommand({ name }));
    return pipeline && { declaration: pipeline, arn: metadata?.pipelineArn ?? '' };
  } catch (error) {
    if (error instanceof Error && error.name === 'PipelineNotFoundException') return undefined;
    throw error;
  }
}

/** Throws `PipelineMissing`. */
export async function namedPipeline(name: string): Promise<FoundPipeline> {
  const found = await findPipeline(name);
  if (found) return found;
  throw new HooklineError(
    errors.pipelineMissing,
    `pipeline ${name} does not exist; create it or change the rule's \`pipeline\``,
  );
}

/** The tags of a pipeline that a Hookline has made for a branch or a pull request; undefined for any other pipeline. */
export async function pipelineTags(resourceArn: string): Promise<PipelineTags | undefined> {
  const { tags = [] } = await codepipeline().send(new ListTagsForResourceCommand({ resourceArn }));
  return readTags(tags);
}

// Source revision overrides are of type V2 alone: https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types-planning.html
const takesRevisions = ({ pipelineType }: PipelineDeclaration): boolean => pipelineType !== 'V1';

/** The S3 sources of our bucket; none of a pipeline whose start may name no revision. */
export function ownSources(declaration: PipelineDeclaration) {
  if (!takesRevisions(declaration)) return [];
  const { stages = [] } = declaration;
  const bucket = environment('ARTIFACT_BUCKET');
  return stages
    .flatMap(({ actions = [] }) => actions)
    .filter(
      ({ actionTypeId, configuration }) =>
        actionTypeId?.category === 'Source' &&
        actionTypeId.provider === 'S3' &&
        configuration?.S3Bucket === bucket,
    );
}

/** The name of the action that takes the artifact: the one S3 source of our bucket, open to another key. Throws `PipelineSource`. */
export function sourceOf(declaration: PipelineDeclaration): string {
  const name = declaration.name ?? '';
  if (!takesRevisions(declaration))
    throw new HooklineError(
      errors.pipelineSource,
      `pipeline ${name} is of type V1, whose start may name no object; make it type V2`,
    );
  const sources = ownSources(declaration);
  const [source] = sources;
  if (!source?.name || sources.length > 1)
    throw new HooklineError(
      errors.pipelineSource,
      `pipeline ${name} has ${sources.length} S3 sources of bucket ${environment('ARTIFACT_BUCKET')}; give it exactly one`,
    );
  if (source.configuration?.AllowOverrideForS3ObjectKey !== 'true')
    throw new HooklineError(
      errors.pipelineSource,
      `source ${source.name} of pipeline ${name} takes no other object; set AllowOverrideForS3ObjectKey to true`,
    );
  return source.name;
}
