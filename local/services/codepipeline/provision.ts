import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { inert, keyId } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';
import { actionOf, actionSchema } from './action.ts';
import { pipelineRole, roleOf } from './action-run.ts';
import { checkPipeline } from './check-pipeline.ts';
import { seconds } from './execution.ts';
import { nameSchema } from './input.ts';
import type { Pipeline } from './pipeline.ts';
import type { Tables, Version } from './tables.ts';
import { checkedTags } from './tags.ts';

/** A list that a template may leave empty, and whose items are not carried out. */
const refusedItems = z.array(z.unknown()).default([]);

/** All that a pipeline may have: another property would change how an execution runs on AWS. */
export const propertiesSchema = z.strictObject({
  Name: nameSchema.optional(),
  RoleArn: z.string(),
  // AWS's default since December 2024: https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/596
  PipelineType: z.enum(['V1', 'V2']).default('V2'),
  ExecutionMode: z.enum(['QUEUED', 'SUPERSEDED', 'PARALLEL']).default('SUPERSEDED'),
  ArtifactStore: z.strictObject({
    Type: z.literal('S3'),
    Location: z.string().min(1),
    EncryptionKey: inert(z.strictObject({ Id: keyId, Type: z.literal('KMS') })),
  }),
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
  Stages: z
    .array(
      z.strictObject({
        Name: nameSchema,
        Actions: z.array(actionSchema).min(1).max(100),
        Blockers: refusedItems,
      }),
    )
    .min(2)
    .max(50),
  Variables: z
    .array(
      z.strictObject({
        Name: z.string().regex(/^[A-Za-z0-9@_-]{1,128}$/),
        DefaultValue: z.string().min(1).max(1000).optional(),
        Description: z.string().optional(),
      }),
    )
    .default([]),
  Triggers: refusedItems,
  DisableInboundStageTransitions: refusedItems,
  RestartExecutionOnUpdate: templateBoolean.default(false),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
});

export type Properties = z.infer<typeof propertiesSchema>;

/** Makes a pipeline of the template; one that has changed gets the next version, as an update on AWS does. */
export async function makePipeline(
  cloud: Cloud,
  tables: Tables,
  properties: Properties,
  { generatedName }: Resource,
): Promise<Provisioned> {
  const pipeline = pipelineOf(cloud, properties, properties.Name ?? generatedName);
  const [last] = [...tables.versions.under([pipeline.name], { reverse: true, limit: 1 })];
  const version = nextVersion(last?.value, pipeline);
  if (tables.made.get(pipeline.name))
    throw new AwsError(
      'PipelineNameInUseException',
      `a call has made a pipeline ${pipeline.name}: delete it`,
    );
  const tags = properties.Tags.map(({ Key: key, Value: value }) => ({ key, value }));
  await tables.tags.put(pipeline.name, checkedTags(tags));
  if (version !== last?.value) await tables.versions.put([pipeline.name, version.number], version);
  tables.live.set(pipeline.name, version);
  return { ref: pipeline.name, attributes: { Version: String(version.number) } };
}

function nextVersion(last: Version | undefined, pipeline: Version['pipeline']): Version {
  const now = seconds();
  if (last === undefined) return { number: 1, pipeline, created: now, updated: now };
  // As JSON, in which a member without a value is the same as none.
  if (JSON.stringify(last.pipeline) === JSON.stringify(pipeline)) return last;
  return { number: last.number + 1, pipeline, created: last.created, updated: now };
}

/** @throws for a pipeline that AWS would not take, or that this runtime cannot run as AWS would */
export function pipelineOf(cloud: Cloud, properties: Properties, name: string): Pipeline {
  const { Stages, Variables, RoleArn: roleArn, ...rest } = properties;
  const pipeline: Pipeline = {
    name,
    arn: `arn:aws:codepipeline:${cloud.region}:${cloud.account}:${name}`,
    roleArn,
    type: rest.PipelineType,
    mode: rest.ExecutionMode,
    store: rest.ArtifactStore.Location,
    stages: Stages.map((stage) => ({
      name: stage.Name,
      actions: stage.Actions.map((action) =>
        actionOf(action, { pipeline: name, roleArn, region: cloud.region }),
      ),
    })),
    variables: Variables.map(({ Name, DefaultValue: defaultValue, Description: description }) => ({
      name: Name,
      defaultValue,
      description,
    })),
  };
  refuseUnsupported(properties, name);
  checkPipeline(pipeline);
  checkRoles(cloud, pipeline);
  return pipeline;
}

/** @throws InvalidStructureException for a role that may not be taken up, which CodePipeline tries at once */
function checkRoles(cloud: Cloud, pipeline: Pipeline): void {
  try {
    pipelineRole(cloud, pipeline);
    for (const action of pipeline.stages.flatMap(({ actions }) => actions))
      roleOf({ cloud, pipeline, action });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('InvalidStructureException', error.message);
  }
}

function refuseUnsupported(properties: Properties, name: string): void {
  const { Stages, Triggers, DisableInboundStageTransitions, RestartExecutionOnUpdate } = properties;
  if (Triggers.length > 0) throw unsupported(`triggers, as of the pipeline ${name}`);
  if (DisableInboundStageTransitions.length > 0 || Stages.some(({ Blockers }) => Blockers.length > 0))
    throw unsupported(`disabled transitions, as of the pipeline ${name}`);
  if (RestartExecutionOnUpdate)
    throw unsupported(`RestartExecutionOnUpdate, as of the pipeline ${name}: set it to false`);
}
