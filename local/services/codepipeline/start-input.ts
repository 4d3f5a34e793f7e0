import * as z from 'zod';
import type { Override } from './execution.ts';
import { invalid, nameSchema } from './input.ts';
import type { Pipeline } from './pipeline.ts';

export const startSchema = z.strictObject({
  name: nameSchema,
  clientRequestToken: z
    .string()
    .regex(/^[a-zA-Z0-9-]{1,128}$/, 'is not a token of 1 to 128 letters, digits and -')
    .optional(),
  variables: z
    .array(z.strictObject({ name: z.string(), value: z.string().min(1).max(1000) }))
    .max(50)
    .default([]),
  sourceRevisions: z
    .array(
      z.strictObject({
        actionName: z.string(),
        revisionType: z.enum(['COMMIT_ID', 'IMAGE_DIGEST', 'S3_OBJECT_VERSION_ID', 'S3_OBJECT_KEY']),
        revisionValue: z.string().min(1),
      }),
    )
    .max(50)
    .default([]),
});

export type StartInput = z.infer<typeof startSchema>;
type SourceRevision = StartInput['sourceRevisions'][number];

/** The object or version that each source action takes in the place of its configured one. */
export function overridesOf(pipeline: Pipeline, { sourceRevisions }: StartInput): Record<string, Override> {
  const { name, type } = pipeline;
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types-planning.html
  if (sourceRevisions.length > 0 && type !== 'V2')
    throw invalid(`the pipeline ${name} is of type ${type}, which takes no source revisions: make it V2`);
  const overrides = new Map<string, Override>();
  for (const revision of sourceRevisions) {
    const own = overrides.get(revision.actionName) ?? {};
    const added = overrideOf(pipeline, revision);
    const twice = Object.keys(added).some((member) => Object.hasOwn(own, member));
    if (twice)
      throw invalid(
        `the source action ${revision.actionName} is given more than one ${revision.revisionType}: give one`,
      );
    overrides.set(revision.actionName, { ...own, ...added });
  }
  return Object.fromEntries(overrides);
}

function overrideOf(
  { stages, name }: Pipeline,
  { actionName, revisionType, revisionValue }: SourceRevision,
): Override {
  const sources = stages[0]?.actions ?? [];
  const action = sources.find((each) => each.name === actionName);
  if (!action)
    throw invalid(
      `the pipeline ${name} has no source action ${actionName}: it has ${sources.map((each) => each.name).join(', ')}`,
    );
  if (revisionType === 'S3_OBJECT_VERSION_ID') return { versionId: revisionValue };
  if (revisionType !== 'S3_OBJECT_KEY')
    throw invalid(
      `the source action ${actionName} is an S3 one, which takes no ${revisionType}: give S3_OBJECT_KEY or S3_OBJECT_VERSION_ID`,
    );
  if (action.configuration.AllowOverrideForS3ObjectKey === 'true') return { key: revisionValue };
  throw invalid(
    `the source action ${actionName} takes no other key than its own, so not ${revisionValue}: set its AllowOverrideForS3ObjectKey to true`,
  );
}

/** Values of the pipeline's variables. @throws ValidationException for one that it does not have, or that has no value */
export function variablesOf(
  { variables, type, name }: Pipeline,
  input: Pick<StartInput, 'variables'>,
): Record<string, string> {
  const given = new Map(input.variables.map((each) => [each.name, each.value]));
  if (given.size > 0 && type !== 'V2')
    throw invalid(`the pipeline ${name} is of type ${type}, which takes no variables: make it V2`);
  const unknown = [...given.keys()].filter((each) => !variables.some((variable) => variable.name === each));
  if (unknown.length > 0) throw invalid(`the pipeline ${name} has no variable ${unknown.join(', ')}`);
  const values = variables.map(({ name: variable, defaultValue }) => {
    const value = given.get(variable) ?? defaultValue;
    if (value === undefined)
      throw invalid(`the variable ${variable} of the pipeline ${name} has no default: give it a value`);
    return [variable, value] as const;
  });
  return Object.fromEntries(values);
}
