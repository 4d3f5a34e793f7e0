import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { unknownMembers } from '../../core/input.ts';
import { nameSchema } from './input.ts';
import type { Action } from './pipeline.ts';

const flag = z.enum(['true', 'false']);
const artifacts = z.array(z.strictObject({ Name: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/) })).default([]);
const text = z.union([z.string(), z.boolean(), z.number()]).transform(String);

export const actionSchema = z.strictObject({
  Name: nameSchema,
  ActionTypeId: z.strictObject({
    Category: z.string(),
    Owner: z.string(),
    Provider: z.string(),
    Version: z.string(),
  }),
  Configuration: z.record(z.string(), text).default({}),
  InputArtifacts: artifacts,
  OutputArtifacts: artifacts,
  RoleArn: z.string().optional(),
  Region: z.string().optional(),
  RunOrder: z.coerce.number().int().min(1).max(999).default(1),
  Namespace: z
    .string()
    .regex(/^[A-Za-z0-9@_-]{1,100}$/)
    .optional(),
});

const s3Schema = z.strictObject({
  S3Bucket: z.string().min(1),
  S3ObjectKey: z.string().min(1),
  PollForSourceChanges: flag.default('true'),
  AllowOverrideForS3ObjectKey: flag.optional(),
});

const codeBuildSchema = z.strictObject({
  ProjectName: z.string().min(1),
  PrimarySource: z.string().optional(),
  EnvironmentVariables: z.string().optional(),
  BatchEnabled: flag.optional(),
  CombineArtifacts: flag.optional(),
});

type ActionProperties = z.infer<typeof actionSchema>;

interface ActionContext {
  readonly pipeline: string;
  readonly roleArn: string;
  readonly region: string;
}

/** @throws UnsupportedOperation, InvalidActionDeclarationException for an action that cannot run here, naming it */
export function actionOf(action: ActionProperties, context: ActionContext): Action {
  const named = `the action ${action.Name} of the pipeline ${context.pipeline}`;
  const kind = kindOf(action.ActionTypeId, named);
  if (action.Region !== undefined && action.Region !== context.region)
    throw unsupported(`${named} in another region (${action.Region})`);
  checkConfiguration(kind.provider, action.Configuration, named);
  return {
    ...kind,
    name: action.Name,
    configuration: action.Configuration,
    inputs: action.InputArtifacts.map(({ Name }) => Name),
    outputs: action.OutputArtifacts.map(({ Name }) => Name),
    roleArn: action.RoleArn ?? context.roleArn,
    ownRole: action.RoleArn !== undefined,
    runOrder: action.RunOrder,
    namespace: action.Namespace,
  };
}

function checkConfiguration(
  provider: Action['provider'],
  configuration: ActionProperties['Configuration'],
  named: string,
): void {
  // AWS polls unless it is told not to.
  if (provider === 'S3' && read(s3Schema, configuration, named).PollForSourceChanges === 'true')
    throw unsupported(`polling, as of ${named}: set PollForSourceChanges to false`);
  if (provider === 'CodeBuild' && read(codeBuildSchema, configuration, named).BatchEnabled === 'true')
    throw unsupported(`batch builds, as of ${named}`);
}

/** The shape of a configuration hangs on the action's provider, so that the resource's own schema has no word on it. */
function read<S extends z.ZodType>(schema: S, configuration: unknown, named: string): z.output<S> {
  const result = schema.safeParse(configuration);
  if (result.success) return result.data;
  const unknown = unknownMembers(result.error.issues);
  if (unknown.length > 0) throw unsupported(`${unknown.join(', ')} of the configuration of ${named}`);
  throw new AwsError(
    'InvalidActionDeclarationException',
    `the configuration of ${named} is wrong: ${z.prettifyError(result.error)}`,
  );
}

function kindOf(
  { Category, Owner, Provider, Version }: ActionProperties['ActionTypeId'],
  named: string,
): Pick<Action, 'category' | 'provider'> {
  if (Owner === 'AWS' && Version === '1') {
    if (Category === 'Source' && Provider === 'S3') return { category: Category, provider: Provider };
    if ((Category === 'Build' || Category === 'Test') && Provider === 'CodeBuild')
      return { category: Category, provider: Provider };
  }
  throw unsupported(
    `${named}, a ${Category} by ${Owner} ${Provider} ${Version}: only sources by S3 and builds and tests by CodeBuild run here`,
  );
}
