import { z } from 'zod';
import { unsupported } from '../aws-error.ts';
import type { Cloud, Resource } from '../cloud.ts';

const artifact = z.looseObject({ Name: z.string() });

const actionSchema = z.looseObject({
  Name: z.string(),
  ActionTypeId: z.looseObject({
    Category: z.string(),
    Owner: z.string(),
    Provider: z.string(),
    Version: z.string(),
  }),
  Configuration: z
    .record(z.string(), z.union([z.string(), z.boolean(), z.number()]).transform(String))
    .default({}),
  InputArtifacts: z.array(artifact).default([]),
  OutputArtifacts: z.array(artifact).default([]),
  RoleArn: z.string().optional(),
  RunOrder: z.coerce.number().default(1),
  Namespace: z.string().optional(),
});

const pipelineSchema = z.looseObject({
  Name: z.string().optional(),
  RoleArn: z.string(),
  PipelineType: z.enum(['V1', 'V2']).default('V1'),
  ExecutionMode: z.enum(['QUEUED', 'SUPERSEDED', 'PARALLEL']).default('SUPERSEDED'),
  ArtifactStore: z.looseObject({ Type: z.literal('S3'), Location: z.string() }),
  Stages: z.array(z.looseObject({ Name: z.string(), Actions: z.array(actionSchema) })).min(2),
  Variables: z
    .array(
      z.looseObject({
        Name: z.string(),
        DefaultValue: z.string().optional(),
        Description: z.string().optional(),
      }),
    )
    .default([]),
  Triggers: z.array(z.unknown()).max(0, { error: 'triggers are not supported' }).optional(),
});

export interface Action {
  readonly name: string;
  readonly category: string;
  readonly provider: 'S3' | 'CodeBuild';
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly roleArn: string;
  readonly runOrder: number;
  readonly namespace: string | undefined;
}

/** A pipeline of the template. */
export interface Pipeline {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly type: 'V1' | 'V2';
  readonly mode: 'QUEUED' | 'SUPERSEDED' | 'PARALLEL';
  readonly store: string;
  readonly stages: readonly { readonly name: string; readonly actions: readonly Action[] }[];
  readonly variables: readonly { readonly name: string; readonly defaultValue?: string | undefined }[];
}

/** @throws for a pipeline that this runtime cannot run as AWS would */
export function pipelineOf(cloud: Cloud, { properties, generatedName, logicalId }: Resource): Pipeline {
  const parsed = pipelineSchema.safeParse(properties);
  if (!parsed.success) throw unsupported(`the pipeline ${logicalId}: ${z.prettifyError(parsed.error)}`);
  const {
    Name = generatedName,
    RoleArn,
    PipelineType,
    ExecutionMode,
    ArtifactStore,
    Stages,
    Variables,
  } = parsed.data;
  return {
    name: Name,
    arn: `arn:aws:codepipeline:${cloud.region}:${cloud.account}:${Name}`,
    roleArn: RoleArn,
    type: PipelineType,
    mode: ExecutionMode,
    store: ArtifactStore.Location,
    stages: Stages.map(({ Name: name, Actions }) => ({
      name,
      actions: Actions.map((action) => actionOf(action, RoleArn)),
    })),
    variables: Variables.map(({ Name: name, DefaultValue: defaultValue }) => ({ name, defaultValue })),
  };
}

const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  S3: ['Source'],
  CodeBuild: ['Build', 'Test'],
};

function actionOf(action: z.infer<typeof actionSchema>, pipelineRole: string): Action {
  const { Category, Provider } = action.ActionTypeId;
  if ((Provider !== 'S3' && Provider !== 'CodeBuild') || !PROVIDERS[Provider]?.includes(Category))
    throw unsupported(
      `the pipeline action ${action.Name}: a ${Category} by ${Provider}; only S3 sources and CodeBuild run here`,
    );
  return {
    name: action.Name,
    category: Category,
    provider: Provider,
    configuration: action.Configuration,
    inputs: action.InputArtifacts.map(({ Name }) => Name),
    outputs: action.OutputArtifacts.map(({ Name }) => Name),
    roleArn: action.RoleArn ?? pipelineRole,
    runOrder: action.RunOrder,
    namespace: action.Namespace,
  };
}

/** A pipeline as GetPipeline shows it. */
export function shown(pipeline: Pipeline): object {
  return {
    name: pipeline.name,
    roleArn: pipeline.roleArn,
    artifactStore: { type: 'S3', location: pipeline.store },
    stages: pipeline.stages.map(({ name, actions }) => ({ name, actions: actions.map(shownAction) })),
    version: 1,
    executionMode: pipeline.mode,
    pipelineType: pipeline.type,
    variables: pipeline.variables,
  };
}

function shownAction(action: Action): object {
  return {
    name: action.name,
    actionTypeId: { category: action.category, owner: 'AWS', provider: action.provider, version: '1' },
    runOrder: action.runOrder,
    configuration: action.configuration,
    inputArtifacts: action.inputs.map((name) => ({ name })),
    outputArtifacts: action.outputs.map((name) => ({ name })),
    roleArn: action.roleArn,
    ...(action.namespace ? { namespace: action.namespace } : {}),
  };
}
