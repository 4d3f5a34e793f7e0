import * as z from 'zod';
import { COMMIT_PLACEHOLDERS } from './asked.ts';
import { DELIVERY_PLACEHOLDERS } from './delivery-values.ts';
import { NAME_PLACEHOLDERS, PIPELINE_NAME } from './pipeline-name.ts';
import { hasPlaceholder, type TemplateForm, templatePattern, templateProblem } from './template.ts';

/** The placeholders in a pipeline's variable, beside members of the payload, which are written in braces: `{commit}`. */
const PLACEHOLDERS = [
  ...DELIVERY_PLACEHOLDERS,
  'commit',
  ...COMMIT_PLACEHOLDERS,
  'key',
  'versionId',
] as const;

export const pipelineName = z
  .string()
  .regex(PIPELINE_NAME, { error: 'a pipeline name has 1 to 100 of A-Z a-z 0-9 . @ - _' });

const VARIABLE: TemplateForm = { names: PLACEHOLDERS, character: '[^{}]' };
const NAME: TemplateForm = { names: NAME_PLACEHOLDERS, character: '[A-Za-z0-9.@_-]' };

export const pipelineNameTemplate = z
  .string()
  .max(200)
  .regex(templatePattern(NAME), {
    error: ({ input }) =>
      `a pipeline name has A-Z a-z 0-9 . @ - _, and placeholders; ${templateProblem(input, NAME)}`,
  });

export const variables = z
  .record(
    z.string().regex(/^[A-Za-z0-9@_-]{1,128}$/),
    z
      .string()
      .min(1)
      .max(1000)
      .regex(templatePattern(VARIABLE), { error: ({ input }) => templateProblem(input, VARIABLE) }),
  )
  .default({})
  .describe(
    'variables of a V2 pipeline; a value may hold placeholders such as {commit} and {payload.pull_request.number|none}',
  );

const pipelineObject = z
  .strictObject({
    name: pipelineNameTemplate.describe(
      'its name, which may hold placeholders such as {name}, the repository without its owner',
    ),
    prefix: pipelineName
      .optional()
      .describe('what a name with placeholders begins with: Hookline may start the pipelines that do'),
    variables,
  })
  .superRefine(({ name, prefix }, context) => {
    const problem = nameProblem(name, prefix);
    if (problem) context.addIssue({ code: 'custom', ...problem });
  });

/** A name is whole, or begins with the prefix that the grant follows: `build-{name}` and `build-`. */
function nameProblem(
  name: string,
  prefix: string | undefined,
): { path: string[]; message: string } | undefined {
  const beginning = name.slice(0, name.indexOf('{'));
  if (!hasPlaceholder(name)) {
    if (!PIPELINE_NAME.test(name))
      return { path: ['name'], message: 'a pipeline name has 1 to 100 of A-Z a-z 0-9 . @ - _' };
    return prefix === undefined
      ? undefined
      : { path: ['prefix'], message: `the name ${name} has no placeholder: leave the prefix out` };
  }
  if (prefix === undefined)
    return {
      path: ['name'],
      message: `a name with placeholders needs a prefix, which it begins with: prefix: ${beginning || 'build-'}`,
    };
  return beginning.startsWith(prefix)
    ? undefined
    : { path: ['prefix'], message: `the name ${name} does not begin with it before its first placeholder` };
}

/** The two ways to name one pipeline. */
export const namedPipelines = [
  pipelineName.transform((name): z.infer<typeof pipelineObject> => ({ name, variables: {} })),
  pipelineObject,
] as const;
