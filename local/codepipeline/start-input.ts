import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Pipeline } from './definition.ts';
import type { Execution } from './execution.ts';

const startSchema = z.looseObject({
  name: z.string(),
  clientRequestToken: z
    .string()
    .regex(/^[a-zA-Z0-9-]{1,128}$/)
    .optional(),
  variables: z.array(z.looseObject({ name: z.string(), value: z.string().min(1).max(1000) })).default([]),
  sourceRevisions: z
    .array(
      z.looseObject({
        actionName: z.string(),
        revisionType: z.enum(['S3_OBJECT_KEY', 'S3_OBJECT_VERSION_ID']),
        revisionValue: z.string().min(1),
      }),
    )
    .default([]),
});

export type StartInput = z.infer<typeof startSchema>;

/** @throws ValidationException */
export function startInputOf(input: unknown): StartInput {
  const parsed = startSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error));
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** What each source action is to take instead of what it is configured with. */
export function overridesOf(
  { stages, name }: Pipeline,
  { sourceRevisions }: StartInput,
): Execution['overrides'] {
  const overrides: Record<string, { key?: string; versionId?: string }> = {};
  const sources = new Map((stages[0]?.actions ?? []).map((action) => [action.name, action]));
  for (const { actionName, revisionType, revisionValue } of sourceRevisions) {
    const action = sources.get(actionName);
    if (!action)
      throw invalid(
        `the pipeline ${name} has no source action ${actionName}: it has ${[...sources.keys()].join(', ')}`,
      );
    const own = overrides[actionName] ?? {};
    overrides[actionName] = own;
    if (revisionType === 'S3_OBJECT_VERSION_ID') own.versionId = revisionValue;
    else if (action.configuration.AllowOverrideForS3ObjectKey === 'true') own.key = revisionValue;
    else
      throw invalid(
        `the source action ${actionName} takes no other key: set AllowOverrideForS3ObjectKey to true`,
      );
  }
  return overrides;
}

/** Values of the pipeline's variables. @throws for one that it does not have, or that has no value */
export function variablesOf({ variables, type, name }: Pipeline, input: StartInput): Record<string, string> {
  const given = new Map(input.variables.map((each) => [each.name, each.value]));
  if (given.size > 0 && type !== 'V2')
    throw invalid(`the pipeline ${name} is of type ${type}, only V2 takes variables`);
  const unknown = [...given.keys()].filter((each) => !variables.some((variable) => variable.name === each));
  if (unknown.length > 0) throw invalid(`the pipeline ${name} has no variable ${unknown.join(', ')}`);
  return Object.fromEntries(
    variables.map(({ name: variable, defaultValue }) => {
      const value = given.get(variable) ?? defaultValue;
      if (value === undefined)
        throw invalid(`the variable ${variable} of the pipeline ${name} has no default: give it a value`);
      return [variable, value];
    }),
  );
}
