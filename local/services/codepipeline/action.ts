import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { unknownMembers } from '../../core/input.ts';
import { nameSchema } from './input.ts';

const headSchema = z.looseObject({
  Name: nameSchema,
  ActionTypeId: z.strictObject({
    Category: z.string(),
    Owner: z.string(),
    Provider: z.string(),
    Version: z.string(),
  }),
});

const flag = z.enum(['true', 'false']);
const artifacts = z.array(z.strictObject({ Name: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/) })).default([]);
const text = z.union([z.string(), z.boolean(), z.number()]).transform(String);

const actionSchema = z.strictObject({
  ...headSchema.shape,
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

/** One action of a pipeline's stage. */
export interface Action {
  readonly name: string;
  readonly category: 'Source' | 'Build' | 'Test';
  readonly provider: 'S3' | 'CodeBuild';
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly roleArn: string;
  /** the pipeline's own role stands in */
  readonly ownRole: boolean;
  readonly runOrder: number;
  readonly namespace?: string | undefined;
}

interface Of {
  readonly pipeline: string;
  readonly roleArn: string;
  readonly region: string;
}

/** @throws for an action that this runtime cannot run, naming it */
export function actionOf(raw: unknown, of: Of): Action {
  const head = parsed(headSchema, raw, `an action of the pipeline ${of.pipeline}`);
  const named = `the action ${head.Name} of the pipeline ${of.pipeline}`;
  const kind = kindOf(head.ActionTypeId, named);
  const action = parsed(actionSchema, raw, named);
  if (action.Region !== undefined && action.Region !== of.region)
    throw unsupported(`${named} in another region (${action.Region})`);
  checkConfiguration(kind.provider, action.Configuration, named);
  return {
    ...kind,
    name: action.Name,
    configuration: action.Configuration,
    inputs: action.InputArtifacts.map(({ Name }) => Name),
    outputs: action.OutputArtifacts.map(({ Name }) => Name),
    roleArn: action.RoleArn ?? of.roleArn,
    ownRole: action.RoleArn !== undefined,
    runOrder: action.RunOrder,
    namespace: action.Namespace,
  };
}

function checkConfiguration(provider: Action['provider'], configuration: unknown, named: string): void {
  const what = `the configuration of ${named}`;
  if (provider === 'S3') {
    // AWS polls unless it is told not to.
    if (parsed(s3Schema, configuration, what).PollForSourceChanges === 'true')
      throw unsupported(`polling, as of ${named}: set PollForSourceChanges to false`);
  } else if (parsed(codeBuildSchema, configuration, what).BatchEnabled === 'true')
    throw unsupported(`batch builds, as of ${named}`);
}

function kindOf(
  { Category, Owner, Provider, Version }: z.infer<typeof headSchema>['ActionTypeId'],
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

function parsed<T>(schema: z.ZodType<T>, value: unknown, named: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const unknown = unknownMembers(result.error.issues);
  if (unknown.length > 0) throw unsupported(`${unknown.join(', ')} of ${named}`);
  throw new AwsError(
    'InvalidActionDeclarationException',
    `${named} is wrong: ${z.prettifyError(result.error)}`,
  );
}
