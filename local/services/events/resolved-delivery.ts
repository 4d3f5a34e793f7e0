import type { Body, Delivery, Rule } from './tables.ts';
import type { Target } from './target.ts';

/** A delivery together with the rule, the target and the event that it names. */
export interface ResolvedDelivery {
  readonly body: Omit<Body, 'json'> & { readonly json: string };
  readonly rule: Rule;
  readonly target: Target;
  readonly delivery: Delivery;
}
