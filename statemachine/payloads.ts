import * as z from 'zod';
import { routeSchema } from '../events/decision.ts';
import { deliverySchema } from '../events/delivery.ts';
import { ruleOptionsSchema } from '../events/rule.ts';
import type { outcomes } from './outcomes.ts';
import { NO_VALUE } from './pull-exports.ts';

/** The output of Validate, the machine's `$` from then on. */
const validatedSchema = z.object({
  delivery: deliverySchema,
  /** the members of the payload that the rule's templates name, each on one line; none of another release */
  values: z.record(z.string(), z.string()).default({}),
  rule: ruleOptionsSchema,
  route: routeSchema,
  replayName: z.string(),
  /** ISO time of the event */
  time: z.string(),
  /** one delivery for one rule (and one replay): the idempotency key */
  key: z.string(),
  /** SHA-256 of the signed bytes; executions that another release has begun may be without */
  bodyHash: z.string().optional(),
});

/** The members of the machine's `$` that every step reads. */
export const stateSchema = validatedSchema.extend({
  rule: ruleOptionsSchema.pick({
    name: true,
    was: true,
    pull: true,
    pipeline: true,
    status: true,
    superseded: true,
  }),
});

/** A variable that the pull has exported; `""` for an empty one, which is exported as `NO_VALUE`. */
const exportedSchema = z.string().transform((value) => (value === NO_VALUE ? '' : value));

/** The variables that the pull exports, at `$.pull`: every value is a string, as CodeBuild's exported variables are. */
export const pullResultSchema = z.object({
  /** `pulled`; `gone` when the host has no such ref; `off-ref` when the ref does not hold the delivered commit */
  outcome: z.enum(['pulled', 'gone', 'off-ref']),
  /** the fencing token, claimed before the tip was looked up */
  token: z.coerce.number<string>().int().positive(),
  /** the delivered commit (the tip, for an event without one) */
  commit: exportedSchema,
  /** the commit that the host had at the ref */
  tip: exportedSchema,
  /** the delivered commit's artifact */
  key: exportedSchema,
  versionId: exportedSchema,
  tipKey: exportedSchema,
  bytes: exportedSchema,
  /** what the delivered commit has in the folder that the rule takes: the same only for the same files; `""` without `path` */
  content: exportedSchema.default(''),
});

/** A state in which a ref has been pulled, so that there is a repository and a ref. */
export const pulledSchema = stateSchema.extend({
  delivery: deliverySchema.required({ repository: true, ref: true }),
  pull: pullResultSchema,
});

/** The input of a step that gets this state. */
export const stepSchema = <S extends z.ZodType>(state: S) => z.object({ executionArn: z.string(), state });

export type Validated = z.infer<typeof validatedSchema>;
export type State = z.infer<typeof stateSchema>;
export type Pulled = z.infer<typeof pulledSchema>;
/** The result that the pull program writes. */
export type PullResult = z.input<typeof pullResultSchema>;

type Outcomes = typeof outcomes;

/** The output of Claim at `$.claim`. */
export interface Claimed {
  readonly outcome: 'Claimed' | Outcomes['duplicate'] | Outcomes['unchanged'];
  /** the execution that holds the claim, for a duplicate */
  readonly executionArn: string;
}

/**
 * The output of Diagnose at `$.error`: the reason why the build failed, by its own name, and whether the machine builds
 * again.
 */
export interface Diagnosis {
  readonly Error: string;
  readonly Cause: string;
  readonly again: boolean;
  /** how long the machine waits before the next build */
  readonly seconds: number;
  /** how often the delivery has been built */
  readonly attempts: number;
  /** ISO time of the first failure */
  readonly since: string;
}

/** The output of Publish and Retire at `$.publish`. */
export interface PublishResult {
  readonly outcome:
    | Outcomes['published']
    | Outcomes['unchanged']
    | Outcomes['superseded']
    | Outcomes['refGone']
    | Outcomes['refRetired'];
  /** the commit the pointer stands at, `""` when the ref is gone */
  readonly commit: string;
  readonly pointer: string;
  /** whether this delivery may start its pipeline */
  readonly startPipeline: boolean;
}

/** The output of StartPipeline at `$.pipeline`. */
export interface PipelineStarted {
  readonly name: string;
  readonly executionId: string;
}

/** The output of Report at `$.report`. */
export interface Reported {
  /** the commit status: written, not asked for, or refused by the host (with its reason) */
  readonly status: 'written' | 'off' | 'refused';
  readonly reason: string;
  /** the error of a failed outcome by its own name, `""` otherwise */
  readonly error: string;
  readonly message: string;
}
