import * as z from 'zod';
import { branchPipelineShape, pipelineSchema } from './branch-pipeline-options.ts';
import { endPipelineOption, endPipelineOptions, isDoubled } from './end-pipeline-option.ts';
import { isGlob } from './glob.ts';
import { matchSchema, refuseAlternatives } from './match.ts';
import { MAX_MEMBERS, membersIn } from './payload-values.ts';
import { pipelineNameTemplate } from './pipeline-options.ts';
import { pullOptionsSchema, pullSchema } from './pull-options.ts';
import { pullRequestOptionSchema, pullRequestOptionsSchema } from './pull-request-option.ts';
import { MAX_RULE_NAME_LENGTH, RULE_NAME } from './rule-name.ts';
import { skipSchema } from './skip-words.ts';
import { contextTemplate } from './status-context.ts';

/** Characters, as EventBridge takes them for a rule. */
export const MAX_DESCRIPTION = 512;

const globs = z
  .array(
    z.string().min(1).refine(isGlob, {
      error:
        'a pattern is a path in which ** and * stand for anything, ? and + repeat the character before them',
    }),
  )
  .min(1, { error: 'an empty list filters nothing: name a path' })
  .refine((patterns) => patterns.some((pattern) => !pattern.startsWith('!')), {
    error: 'every pattern begins with !, which leaves files out: add a pattern without ! that takes files in',
  });

/** The options of a rule beside its match. */
const options = {
  was: z
    .array(
      z.string().regex(RULE_NAME, {
        error: `expected the name of a rule: lower-case letters, digits and hyphens, ${MAX_RULE_NAME_LENGTH} at most`,
      }),
    )
    .min(1, { error: 'an empty list names nothing: leave it out' })
    .optional()
    .describe('the names that the rule had before, the first of all first, so that it does nothing twice'),
  paths: globs.optional().describe('only pushes that change one of these files, as in GitHub Actions'),
  'paths-ignore': globs.optional().describe('no pushes that change only these files, as in GitHub Actions'),
  skip: skipSchema
    .optional()
    .describe(
      "no push and no pull request whose newest commit's message says [skip ci] or the like, as in GitHub Actions",
    ),
  pull: pullSchema.prefault({}).describe('what the pull makes of a commit'),
  'pull-request': pullRequestOptionSchema
    .optional()
    .describe('what is built of a pull request, by a rule that asks for the event pull_request'),
  pipeline: pipelineSchema
    .optional()
    .describe('the CodePipeline to start: its name or more, or the template of one for each branch'),
  'on-delete': endPipelineOption
    .optional()
    .describe('the pipeline to start when a branch or a tag is deleted'),
  'on-close': endPipelineOption.optional().describe('the pipeline to start when a pull request is closed'),
  status: z
    .union([
      z.boolean({ error: 'expected true, false, checks or { context: name, checks: true }' }),
      z.literal('checks').transform((): { context?: string; checks?: boolean } => ({ checks: true })),
      z.strictObject({
        context: contextTemplate
          .optional()
          .describe(
            'what the status is called on the commit, in place of hookline/RULE; it may hold placeholders such as {branch}',
          ),
        checks: z
          .boolean()
          .optional()
          .describe('a check run in place of a commit status; only a GitHub App may write one'),
      }),
    ])
    .default(false)
    .describe('write a commit status back to the host, or a check run: pending until the pipeline has ended'),
  superseded: z
    .enum(['stop', 'start', 'skip'])
    .default('stop')
    .describe(
      'for a delivery of a ref of which the rule has taken a newer one: stop before the pipeline, start it all the same, or skip its artifact too where the ref has moved on when its build starts',
    ),
};

/** One file of `events/rules/`. */
export const ruleSchema = z
  .strictObject({
    description: z.string().min(1).max(MAX_DESCRIPTION).describe('what it is for, in words'),
    match: matchSchema.describe(
      'an EventBridge pattern on the event: provider, host, event, deliveryId, headers, payload',
    ),
    ...options,
    deploy: z
      .boolean()
      .optional()
      .describe('false: a rule for hookline up alone, which cdk deploy leaves out'),
  })
  .superRefine(refuseAlternatives)
  .refine((rule) => rule.paths === undefined || rule['paths-ignore'] === undefined, {
    path: ['paths-ignore'],
    error: 'paths and paths-ignore exclude each other: use paths, with ! in front of what to leave out',
  })
  .refine((rule) => !isDoubled(rule), {
    path: ['pipeline', 'each'],
    error:
      'the end of what has a pipeline of its own is its teardown: use pipeline.teardown in place of on-delete and on-close',
  })
  .refine((rule) => rule['pull-request']?.forks !== 'approved' || rule.pull.submodules === false, {
    path: ['pull', 'submodules'],
    error:
      'a fork could name any repository of the owner as a submodule: leave submodules out, or pull-request.forks',
  })
  .refine((rule) => membersIn(rule).length <= MAX_MEMBERS, {
    path: ['pipeline'],
    error: `a rule names ${MAX_MEMBERS} members of the payload at most, in its pipeline and its status`,
  });

/**
 * The options of a rule that the functions know: all but those for EventBridge and for the reader. Events, executions
 * and builds carry the options from one release to the next, so that members of another release are dropped.
 */
export const ruleOptionsSchema = z.object({
  ...options,
  name: z.string(),
  /** the events that the rule's `match.event` names, so that what is otherwise ignored is pulled */
  asksFor: z.array(z.string()),
  /** the actions that the rule's `match.payload.action` names, so that what builds nothing otherwise is pulled */
  actions: z.array(z.string()).optional(),
  pull: pullOptionsSchema.prefault({}),
  'pull-request': pullRequestOptionsSchema.optional(),
  'on-delete': endPipelineOptions.optional(),
  'on-close': endPipelineOptions.optional(),
  status: z
    .union([z.boolean(), z.object({ context: contextTemplate, checks: z.boolean() }).partial()])
    .default(false),
  pipeline: z
    .object({
      name: pipelineNameTemplate,
      prefix: z.string().optional(),
      variables: z.record(z.string(), z.string()).default({}),
      ...z.object(branchPipelineShape).partial().shape,
    })
    .optional(),
});

/** Where a pull runs. */
export type Rule = z.infer<typeof ruleSchema>;
/** A rule with its name: the file's, without `.yaml`. */
export interface NamedRule extends Rule {
  readonly name: string;
}

/** The rules that `cdk deploy` takes along. */
export const deployedRules = (rules: readonly NamedRule[]): readonly NamedRule[] =>
  rules.filter(({ deploy }) => deploy !== false);

export type RuleOptions = Readonly<z.infer<typeof ruleOptionsSchema>>;

/** A rule as it is bundled with the functions. */
export interface BundledRule extends RuleOptions {
  readonly match: Rule['match'];
}

/** The JSON Schema of a rule's file, by which editors complete and check it. */
export function ruleJsonSchema(): object {
  return { title: 'A rule of Hookline', ...z.toJSONSchema(ruleSchema, { io: 'input', target: 'draft-7' }) };
}
