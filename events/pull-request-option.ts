import * as z from 'zod';

/** What a rule that asks for pull requests builds of them. */
const shape = {
  drafts: z.boolean().default(false).describe('build drafts too, and not only what is ready for review'),
};

export const pullRequestOptionSchema = z.strictObject(shape);

/** The option as functions read it: members of another release are dropped. */
export const pullRequestOptionsSchema = z.object(shape);

export type PullRequestOptions = z.infer<typeof pullRequestOptionSchema>;

/** The options of a rule that says nothing of pull requests. */
export const PULL_REQUEST_DEFAULTS: PullRequestOptions = pullRequestOptionSchema.parse({});
