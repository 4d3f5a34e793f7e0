import type { Delivery } from '../events/delivery.ts';
import type { Route } from '../events/route.ts';
import type { RuleOptions } from '../events/rule.ts';

export type { Route };

/** What a rule's target sends: the input transformer's result. A missing path is `""`. */
export interface RawInput {
  readonly rule: string;
  readonly eventId: string;
  /** ISO time of the event */
  readonly time: string;
  readonly replayName: string;
  readonly provider: string;
  readonly host: string;
  readonly headers: { readonly event: string; readonly delivery: string; readonly signature: string };
  /** base64 of the raw body */
  readonly body: string;
  /** the rule as it took the event */
  readonly options?: RuleOptions | undefined;
}

/** What the Pipe's enrichment makes of an event that was too large or was throttled. */
export interface OverflowInput extends Omit<RawInput, 'headers' | 'body' | 'provider' | 'host' | 'options'> {
  readonly overflow:
    | { readonly delivery: Delivery; readonly route: Route }
    | { readonly error: 'Malformed' | 'Rejected'; readonly message: string };
}

/** The output of Validate, the machine's `$` from then on. */
export interface Validated {
  readonly delivery: Delivery;
  readonly rule: RuleOptions;
  readonly route: Route;
  readonly replayName: string;
  readonly time: string;
  /** one delivery for one rule (and one replay): the idempotency key */
  readonly key: string;
}

/** The output of Claim at `$.claim`. */
export interface Claimed {
  readonly outcome: 'Claimed' | 'Duplicate' | 'Unchanged';
  /** the execution that holds the claim, for a duplicate */
  readonly executionArn: string;
}

/**
 * What the pull exports, at `$.pull`. Every value is a string, as CodeBuild's exported variables are; `""` for none,
 * which travels as `-`.
 */
export interface Pulled {
  /** `pulled`, or `gone` when the host has no such ref */
  readonly outcome: 'pulled' | 'gone';
  /** the fencing token, claimed before the tip was looked up */
  readonly token: string;
  /** the delivered commit (the tip, for an event without one) */
  readonly commit: string;
  /** the commit that the host had at the ref */
  readonly tip: string;
  /** the delivered commit's artifact */
  readonly key: string;
  readonly versionId: string;
  readonly tipKey: string;
  readonly bytes: string;
}

/** The output of Publish and Retire at `$.publish`. */
export interface PublishResult {
  readonly outcome: 'Published' | 'Superseded' | 'RefGone' | 'RefRetired';
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
