import * as z from 'zod';
import { isGlob } from './glob.ts';

/** Which repositories a submodule may be, patterns among them: of the host by their names, of others by their addresses. */
const submoduleSources = z
  .array(
    z.string().refine((pattern) => /^(https:\/\/)?[^!/]+(\/[^/]+)+$/.test(pattern) && isGlob(pattern), {
      error:
        'a pattern is the name of a repository, owner/name, or the address of one of another host, https://host/owner/name; * stands for any characters but /',
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

/** A longer path is hardly meant, and a build's variables have a limit together. */
const MAX_PATH = 500;

const folder = z
  .string()
  .min(1, { error: 'expected a folder of the repository, such as services/api: leave it out for all of it' })
  .max(MAX_PATH)
  .refine((path) => path.split('/').every((name) => name !== '' && name !== '.' && name !== '..'), {
    error:
      'expected a folder from the root of the repository, as services/api: no slash at its ends, no . or ..',
  })
  // a surrogate that stands alone has no UTF-8
  .refine((path) => !/[\\\p{Cc}\p{Cs}]/u.test(path), {
    error: 'expected / between the names of folders, and no control characters',
  });

const pullShape = {
  submodules: z
    .union([onOrOff, z.strictObject({ from: submoduleSources })])
    .default(false)
    .describe(
      'archive submodules too: those of the same owner, or from the repositories that `from` names, such as owner/*, or https://host/owner/* of another host',
    ),
  lfs: z.boolean().default(false).describe('put Git LFS objects in place of their pointers'),
  git: z
    .union([withGit, z.strictObject(history)])
    .default(false)
    .describe('add a .git folder with this one commit, or with as much history as `depth` and `tags` say'),
  path: folder
    .optional()
    .describe('a folder of the repository that is the whole artifact, such as services/api'),
  compute: z
    .enum(['lambda', 'ec2'])
    .default('lambda')
    .describe('where it runs: lambda starts at once and has 15 min, ec2 has more disk, time, and a VPC'),
};

/** The options of a pull, which decide the artifact of a commit. */
export const pullSchema = z.strictObject(pullShape).superRefine(({ path, git, submodules }, context) => {
  if (path === undefined) return;
  const refuse = (option: string, why: string) =>
    context.addIssue({ code: 'custom', path: [option], message: `${why}: leave one of the two out` });
  if (git !== false) refuse('git', 'a .git folder is of a whole commit, and path takes a part of it');
  if (submodules !== false) refuse('submodules', 'path takes a folder without its submodules');
});

/** The options of a pull as a build reads them: members of another release are dropped. */
export const pullOptionsSchema = z.object({
  ...pullShape,
  submodules: z.union([onOrOff, z.object({ from: submoduleSources })]).default(false),
  git: z.union([withGit, z.object(history)]).default(false),
});

export type Compute = z.infer<typeof pullSchema>['compute'];
export type PullOptions = z.infer<typeof pullSchema>;
