import * as z from 'zod';
import { isGlob } from './glob.ts';

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

/** The options of a pull as a build reads them: members of another release are dropped. */
export const pullOptionsSchema = z.object({
  ...pullSchema.shape,
  submodules: z.union([onOrOff, z.object({ from: submoduleSources })]).default(false),
  git: z.union([withGit, z.object(history)]).default(false),
});

export type Compute = z.infer<typeof pullSchema>['compute'];
export type PullOptions = z.infer<typeof pullSchema>;
