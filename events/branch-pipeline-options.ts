import * as z from 'zod';
import { EACH, MAX_TEMPLATE_LENGTH } from './branch-pipeline-name.ts';
import { namedPipelines, pipelineName, variables } from './pipeline-options.ts';

const role = z.string().regex(/^(?:arn:aws[a-z-]*:iam::\d{12}:role\/[!-~]{1,512}|[\w+=,.@-]{1,64})$/, {
  error: 'expected the ARN of a role, or its name in this account',
});

const NEVER = 'never';

/** What a pipeline for each branch has beside its name and variables. */
export const branchPipelineShape = {
  each: z.enum(EACH),
  roles: z.array(z.string()),
  limit: z.number(),
  idleDays: z.union([z.number(), z.literal(NEVER)]),
  teardown: z.string().optional(),
};

/** A pipeline for each branch or pull request, made from a template. */
export const branchPipelineOption = z
  .strictObject({
    template: pipelineName
      .max(MAX_TEMPLATE_LENGTH)
      .describe(
        'the pipeline that each branch or pull request gets a copy of; its name begins the names of all',
      ),
    each: z.enum(EACH).describe('what has a pipeline of its own'),
    role: z
      .union([role, z.array(role).min(1)])
      .optional()
      .describe(
        'the role of the template, and those of its actions, which Hookline hands to the copies; not needed for the example pipeline',
      ),
    limit: z.int().min(1).max(200).default(25).describe('how many pipelines there may be of the template'),
    'idle-days': z
      .union([z.int().min(1).max(365), z.literal(NEVER)], { error: 'expected 1 to 365 days, or never' })
      .default(14)
      .describe('after how many days without a run a pipeline is taken down'),
    teardown: pipelineName
      .optional()
      .describe('the pipeline that runs, with the same variables, before a pipeline is deleted'),
    variables,
  })
  .transform(({ template, role, 'idle-days': idleDays, ...rest }) => ({
    name: template,
    prefix: `${template}-`,
    roles: [role ?? []].flat(),
    idleDays,
    ...rest,
  }));

/** The pipelines that a rule starts. */
export const pipelineSchema = z.union([...namedPipelines, branchPipelineOption]);
