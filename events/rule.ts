import * as z from 'zod';
import { isGlob } from './glob.ts';
import { matchSchema } from './match.ts';
import { hasPlaceholder, NAME_PLACEHOLDERS, PIPELINE_NAME } from './pipeline-name.ts';
import { MAX_RULE_NAME_LENGTH, RULE_NAME } from './rule-name.ts';

/** Which repositories of the host a submodule may be: names, or patterns of them. */
const submoduleSources = z
  .array(
    z.string().refine((pattern) => /^[^!/]+(\/[^/]+)+$/.test(pattern) && isGlob(pattern), {
      error: 'a pattern is the name of a repository, owner/name, in which * stands for any characters but /',
    }),
  )
  .min(1, { error: 'an empty list takes no submodule: name a repository, or set submodules to false' });

const onOrOff = z.boolean({ error: 'expected true, false or { from: [owner/*] }' });

const withGit = z.boolean({ error: 'expected true, false or { depth: 50, tags: true }' });

// More commits than any build counts; who needs more takes them all.
const MAX_DEPTH = 1_000_000;

/** What a `.git` folder of an artifact holds beside its commit. */
const history = {
  depth: z
    .union([z.int().min(1).max(MAX_DEPTH), z.literal('full')], {
      error: `expected a number of commits from 1 to ${MAX_DEPTH}, or full`,
    })
    .default(1)
    .describe('how many generations of commits, the delivered one included, or full'),
  tags: z.boolean().default(false).describe('the tags of these commits too, for git describe'),
};

/** The options of a pull, which decide the artifact of a commit. */
export const pullSchema = z.strictObject({
  submodules: z
    .union([onOrOff, z.strictObject({ from: submoduleSources })])
    .default(false)
    .describe(
      'archive submodules too: those of the same owner, or from the repositories that `from` names, such as owner/*',
    ),
  lfs: z.boolean().default(false).describe('put Git LFS objects in place of their pointers'),
  git: z
    .union([withGit, z.strictObject(history)])
    .default(false)
    .describe('add a .git folder with this one commit, or with as much history as `depth` and `tags` say'),
  compute: z
    .enum(['lambda', 'ec2'])
    .default('lambda')
    .describe('where it runs: lambda starts at once and has 15 min, ec2 has more disk, time, and a VPC'),
});

/** The placeholders in a pipeline's variable, which are written in braces: `{commit}`. */
export const PLACEHOLDERS = [
  'host',
  'repository',
  'ref',
  ...NAME_PLACEHOLDERS,
  'commit',
  'event',
  'sender',
  'deliveryId',
  'key',
  'versionId',
] as const;

const PLACEHOLDER = new RegExp(`^(?:[^{}]|\\{(?:${PLACEHOLDERS.join('|')})\\})*$`);

const pipelineName = z
  .string()
  .regex(PIPELINE_NAME, { error: 'a pipeline name has 1 to 100 of A-Z a-z 0-9 . @ - _' });

const pipelineNameTemplate = z
  .string()
  .max(200)
  .regex(new RegExp(`^(?:[A-Za-z0-9.@_-]|\\{(?:${NAME_PLACEHOLDERS.join('|')})\\})+$`), {
    error: `a pipeline name has A-Z a-z 0-9 . @ - _, and the placeholders {${NAME_PLACEHOLDERS.join('}, {')}}`,
  });

const variables = z
  .record(
    z.string().regex(/^[A-Za-z0-9@_-]{1,128}$/),
    z
      .string()
      .min(1)
      .max(1000)
      .regex(PLACEHOLDER, { error: `the placeholders are {${PLACEHOLDERS.join('}, {')}}` }),
  )
  .default({})
  .describe('variables of a V2 pipeline; a value may hold placeholders such as {commit}');

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

const pipelineSchema = z.union([
  pipelineName.transform((name): z.infer<typeof pipelineObject> => ({ name, variables: {} })),
  pipelineObject,
]);

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

// GitHub shows a context as it is; one of a hundred characters is read whole.
const context = z.string().regex(/^[!-~](?:[ -~]{0,98}[!-~])?$/, {
  error: 'a context has 1 to 100 letters, digits, signs and spaces of ASCII, and no space at its ends',
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
  pull: pullSchema.prefault({}).describe('what the pull makes of a commit'),
  pipeline: pipelineSchema.optional().describe('the CodePipeline to start, its name or more'),
  status: z
    .union([
      z.boolean({ error: 'expected true, false or { context: name }' }),
      z.strictObject({
        context: context.describe('what the status is called on the commit, in place of hookline/RULE'),
      }),
    ])
    .default(false)
    .describe('write a commit status back to the host: pending until the pipeline has ended'),
  superseded: z
    .enum(['stop', 'start'])
    .default('stop')
    .describe(
      'for a delivery of a ref of which the rule has taken a newer one: stop before the pipeline, or start it all the same',
    ),
};

/** One file of `events/rules/`. */
export const ruleSchema = z
  .strictObject({
    description: z.string().min(1).max(512).describe('what it is for, in words'),
    match: matchSchema.describe(
      'an EventBridge pattern on the event: provider, host, event, deliveryId, headers, payload',
    ),
    ...options,
  })
  .refine((rule) => rule.paths === undefined || rule['paths-ignore'] === undefined, {
    path: ['paths-ignore'],
    error: 'paths and paths-ignore exclude each other: use paths, with ! in front of what to leave out',
  });

/** The options of a pull as a build reads them: members of another release are dropped. */
export const pullOptionsSchema = z.object({
  ...pullSchema.shape,
  submodules: z.union([onOrOff, z.object({ from: submoduleSources })]).default(false),
  git: z.union([withGit, z.object(history)]).default(false),
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
  pull: pullOptionsSchema.prefault({}),
  status: z.union([z.boolean(), z.object({ context })]).default(false),
  pipeline: z
    .object({
      name: pipelineNameTemplate,
      prefix: z.string().optional(),
      variables: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
});

/** Where a pull runs. */
export type Compute = z.infer<typeof pullSchema>['compute'];
export type PullOptions = z.infer<typeof pullSchema>;
export type Rule = z.infer<typeof ruleSchema>;
/** A rule with its name: the file's, without `.yaml`. */
export interface NamedRule extends Rule {
  readonly name: string;
}

export type RuleOptions = Readonly<z.infer<typeof ruleOptionsSchema>>;

/** A rule as it is bundled with the functions. */
export interface BundledRule extends RuleOptions {
  readonly match: Rule['match'];
}

/** The JSON Schema of a rule's file, by which editors complete and check it. */
export function ruleJsonSchema(): object {
  return { title: 'A rule of Hookline', ...z.toJSONSchema(ruleSchema, { io: 'input', target: 'draft-7' }) };
}
