import { z } from 'zod';

/** What the pull makes of a commit. */
export const pullSchema = z.strictObject({
  submodules: z.boolean().default(false),
  lfs: z.boolean().default(false),
  git: z.boolean().default(false),
  compute: z.enum(['lambda', 'ec2']).default('lambda'),
});

/** One file of `events/rules/`. */
export const ruleSchema = z.strictObject({
  description: z.string().min(1),
  /** an EventBridge pattern on the event's `detail` */
  match: z.record(z.string(), z.unknown()),
  pull: pullSchema.prefault({}),
  /** the CodePipeline to start */
  pipeline: z.string().min(1).max(100).optional(),
  /** write a commit status back to the host */
  status: z.boolean().default(false),
  /** what a delivery does whose ref has moved on: stop before the pipeline, or start it all the same */
  superseded: z.enum(['stop', 'start']).default('stop'),
});

export type PullOptions = z.infer<typeof pullSchema>;
export type Rule = z.infer<typeof ruleSchema>;
/** A rule without its pattern, as the Lambdas know it. */
export type RuleOptions = Omit<Rule, 'match' | 'description'> & { name: string; asksFor: string[] };
