import * as z from 'zod';
import { isRef } from '../../ref.ts';

const sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, { error: 'expected a full hex object id' });
const ref = z
  .string()
  .refine(isRef, { error: 'expected a full ref that git takes, such as refs/heads/main' });
// git takes the same short names for tags as for branches.
const shortRef = z.string().refine((name) => isRef(`refs/heads/${name}`), {
  error: 'expected a name that git takes, such as main',
});

/** Safe in a URL's path: no step up, and nothing that a program takes as an option. */
const fullName = z.string().regex(/^(?!\.+\/)[\w.][\w.-]*\/(?!\.+$)[\w.][\w.-]*$/, {
  error: 'expected owner/name, each of letters, digits, hyphens, underscores and dots',
});

const common = z.looseObject({
  // Nothing depends on the default branch: a name that git does not take is dropped.
  repository: z.looseObject({
    full_name: fullName,
    default_branch: shortRef.nullish().catch(undefined),
  }),
  sender: z.looseObject({ login: z.string() }).nullish(),
});

/** The last time that JavaScript can tell, in epoch seconds. */
const LAST_SECOND = 8_640_000_000_000;

const files = z.array(z.string()).default([]);

export const pushSchema = common.extend({
  // In a push, and only there, the time of the push in epoch seconds.
  repository: common.shape.repository.extend({
    pushed_at: z.number().int().positive().max(LAST_SECOND).nullish().catch(undefined),
  }),
  ref,
  after: sha,
  // Only the order of pushes depends on these two members: a value in another form is dropped.
  before: sha.nullish().catch(undefined),
  created: z.boolean().default(false),
  deleted: z.boolean().default(false),
  forced: z.boolean().default(false),
  head_commit: z.looseObject({ message: z.string() }).nullish().catch(undefined),
  commits: z.array(z.looseObject({ added: files, removed: files, modified: files })).nullish(),
});

export const repositorySchema = common.extend({ action: z.string() });

/** `create` and `delete`: a short name and its kind, and no commit. */
export const refSchema = common.extend({
  ref_type: z.enum(['branch', 'tag'], { error: 'expected branch or tag' }),
  ref: shortRef,
});

export const pullRequestSchema = common.extend({
  action: z.string(),
  number: z.int().positive(),
  label: z.looseObject({ name: z.string() }).nullish(),
  pull_request: z.looseObject({
    draft: z.boolean().nullish(),
    merged: z.boolean().nullish(),
    head: z.looseObject({
      ref: shortRef,
      sha,
      repo: z.looseObject({ full_name: z.string() }).nullish(),
    }),
    base: z.looseObject({ ref: shortRef }),
    updated_at: z.iso.datetime().nullish().catch(undefined),
  }),
});

export const issueCommentSchema = common.extend({
  action: z.string(),
  issue: z.looseObject({
    number: z.int().positive(),
    /** an issue that is a pull request has it */
    pull_request: z.looseObject({}).nullish(),
  }),
  comment: z.looseObject({ body: z.string() }),
});

/** Any other event: the record shows its known members, and no member is required. */
export const anySchema = z.looseObject({
  repository: z.looseObject({ full_name: fullName }).nullish().catch(undefined),
  sender: z.looseObject({ login: z.string() }).nullish().catch(undefined),
});
