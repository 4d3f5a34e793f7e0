import type { Principal } from '../../core/cloud.ts';
import type { Body, Delivery, Rule } from './tables.ts';
import type { Target } from './target.ts';

/** A delivery with all that it names. */
export interface Errand {
  readonly body: Body;
  readonly rule: Rule;
  readonly target: Target;
  readonly delivery: Delivery;
}

/** EventBridge itself, for targets that it calls without a role; their resource policies are not looked at here. */
export function eventBridge(account: string): Principal {
  return { arn: `arn:aws:iam::${account}:root`, accessKeyId: 'events.amazonaws.com' };
}
