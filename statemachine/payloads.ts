import * as z from 'zod';
import { askedSchema } from '../events/asked.ts';
import { routeSchema } from '../events/decision.ts';
import { deliverySchema } from '../events/delivery.ts';
import { ruleOptionsSchema } from '../events/rule.ts';
import type { outcomes } from './outcomes.ts';
import { decodedText, NO_VALUE } from './pull-exports.ts';

/** What a rule makes of a verified delivery. Another release may have sent the first two alone. */
export const decidedSchema = z.object({
  delivery: deliverySchema,
  route: routeSchema,
  /** the clause that decided the route, in words */
  reason: z.string().default(''),
  /** what the pull is asked for beside the artifact */
  asked: askedSchema.prefault({}),
  /** the members of the payload that the rule's templates name, each on one line */
  values: z.record(z.string(), z.string()).default({}),
});

/** The output of Validate, the machine's `$` from then on. */
const validatedSchema = decidedSchema.extend({
  rule: ruleOptionsSchema,
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
    'on-delete': true,
    'on-close': true,
  }),
});

/** A variable that the pull has exported; `""` for an empty one, which is exported as `NO_VALUE`. */
const exportedSchema = z.string().transform((value) => (value === NO_VALUE ? '' : value));

/** A variable that the machine reads as a list, which is empty where a build of another release exports none. */
const listedSchema = z
  .union([z.string(), z.array(z.string()).transform(([value = NO_VALUE]) => value)])
  .default(NO_VALUE);

/** Text of a commit or of its reason, exported in ASCII. */
const textSchema = listedSchema.transform(decodedText);

/** The variables that the pull exports, at `$.pull`: every value is a string, as CodeBuild's exported variables are, or a list of one. */
export const pullResultSchema = z.object({
  /**
   * `pulled`; `gone` when the host has no such ref; `off-ref` when the ref does not hold the delivered commit; `filtered`
   * when the rule does not take what the commit changes or says; `behind` when a newer delivery is pulled in place of it
   */
  outcome: z.enum(['pulled', 'gone', 'off-ref', 'filtered', 'behind']),
  /** the fencing token, claimed before the tip was looked up; 0 where it was not */
  token: z.coerce.number<string>().int().nonnegative(),
  /** the delivered commit (the tip, for an event without one) */
  commit: exportedSchema,
  /** the commit that the host had at the ref, `""` where it becomes no artifact */
  tip: exportedSchema,
  /** the delivered commit's artifact */
  key: exportedSchema,
  versionId: exportedSchema,
  tipKey: exportedSchema,
  bytes: exportedSchema,
  /** what the delivered commit has in the folder that the rule takes: the same only for the same files; `""` without `path` */
  content: listedSchema.pipe(exportedSchema),
  /** what git decided of a filter that the payload left open, in words */
  reason: textSchema,
  /** of the delivered commit, where the rule's templates ask for it: `commit.subject` and so on */
  subject: textSchema,
  message: textSchema,
  author: textSchema,
  /** the committer's, ISO */
  time: textSchema,
  /** how many files the delivery changed */
  files: textSchema,
  /** the first of these files, as a list in JSON */
  changed: textSchema,
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
export type PullResult = OwnValues<z.input<typeof pullResultSchema>>;
type OwnValues<T> = { [Member in keyof T]: Exclude<T[Member], readonly string[]> };

type Outcomes = typeof outcomes;

/** The output of Claim at `$.claim`. */
export interface Claimed {
  /**
   * `Following` when the rule asks older pushes to give way, and claimed another one of the ref a moment before; `Pong` and
   * `Ignored` are on record
   */
  readonly outcome:
    | 'Claimed'
    | 'Following'
    | Outcomes['duplicate']
    | Outcomes['unchanged']
    | Outcomes['pong']
    | Outcomes['ignored'];
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
  /** ISO time of the first `MergeMissing`, `""` before it */
  readonly mergeSince: string;
  /** the token of the last build that succeeded, `""` where none has: a later one begins the count anew */
  readonly pulled: string;
}

/** The output of Publish and Retire at `$.publish`. */
export interface PublishResult {
  /** `Behind` when the newer delivery that this one gave way to has come to nothing: this one is pulled after all */
  readonly outcome:
    | 'Behind'
    | Outcomes['published']
    | Outcomes['unchanged']
    | Outcomes['ignored']
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

/** The output of TakeDown at `$.pipeline`. */
export interface TakenDown extends PipelineStarted {
  /** `Runs` while the pipeline that was started has not ended */
  readonly outcome:
    | 'Runs'
    | Outcomes['pipelineDeleted']
    | Outcomes['pipelineStarted']
    | Outcomes['unchanged']
    | Outcomes['superseded']
    | Outcomes['refRetired']
    | Outcomes['ignored'];
  /** how long the machine waits before it looks again */
  readonly seconds: number;
  /** ISO time of the first look */
  readonly since: string;
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
