import type { Delivery, Rule } from './tables.ts';
import type { Target } from './target.ts';
import type { OpenedBody } from './transformer.ts';

/** A delivery together with the rule, the target and the event that it names. */
export interface ResolvedDelivery {
  readonly body: OpenedBody;
  readonly rule: Rule;
  readonly target: Target;
  readonly delivery: Delivery;
}
