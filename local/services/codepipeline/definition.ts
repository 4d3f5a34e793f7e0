import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Resource } from '../../core/cloud.ts';
import { unknownMembers } from '../../core/input.ts';
import { type Action, actionOf } from './action.ts';
import { check } from './check.ts';
import { nameSchema } from './input.ts';

const unknowns = z.array(z.unknown()).default([]);

const pipelineSchema = z.strictObject({
  Name: nameSchema.optional(),
  RoleArn: z.string(),
  PipelineType: z.enum(['V1', 'V2']).default('V1'),
  ExecutionMode: z.enum(['QUEUED', 'SUPERSEDED', 'PARALLEL']).default('SUPERSEDED'),
  ArtifactStore: z.looseObject({ Type: z.literal('S3'), Location: z.string().min(1) }),
  Stages: z
    .array(z.strictObject({ Name: nameSchema, Actions: z.array(z.unknown()).min(1), Blockers: unknowns }))
    .min(2),
  Variables: z
    .array(
      z.strictObject({
        Name: z.string().regex(/^[A-Za-z0-9@_-]{1,128}$/),
        DefaultValue: z.string().min(1).max(1000).optional(),
        Description: z.string().optional(),
      }),
    )
    .default([]),
  Triggers: unknowns,
  DisableInboundStageTransitions: unknowns,
  // They change nothing of how an execution runs: a change of the template is made between two runs of the runtime.
  RestartExecutionOnUpdate: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/** A pipeline of the template. */
export interface Pipeline {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly type: 'V1' | 'V2';
  readonly mode: 'QUEUED' | 'SUPERSEDED' | 'PARALLEL';
  /** the bucket of its artifacts */
  readonly store: string;
  readonly stages: readonly Stage[];
  readonly variables: readonly Variable[];
}

export interface Stage {
  readonly name: string;
  readonly actions: readonly Action[];
}

interface Variable {
  readonly name: string;
  readonly defaultValue?: string | undefined;
  readonly description?: string | undefined;
}

/** @throws for a pipeline that AWS would not take, or that this runtime cannot run as AWS would */
export function pipelineOf(cloud: Cloud, { properties, generatedName, logicalId }: Resource): Pipeline {
  const parsed = pipelineSchema.safeParse(properties);
  if (!parsed.success) throw wrong(logicalId, parsed.error);
  const { Name: name = generatedName, RoleArn: roleArn, Stages, Variables, ...rest } = parsed.data;
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
  if (rest.Triggers.length > 0) throw unsupported(`triggers, as of the pipeline ${name}`);
  if (rest.DisableInboundStageTransitions.length > 0 || Stages.some(({ Blockers }) => Blockers.length > 0))
    throw unsupported(`disabled transitions, as of the pipeline ${name}`);
  check(pipeline);
  return pipeline;
}

function wrong(logicalId: string, error: z.ZodError): AwsError {
  const unknown = unknownMembers(error.issues);
  return unknown.length > 0
    ? unsupported(`${unknown.join(', ')} of the pipeline ${logicalId}`)
    : new AwsError('ValidationException', `the pipeline ${logicalId} is wrong: ${z.prettifyError(error)}`);
}
