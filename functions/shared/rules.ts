import { type Asked, askedOf } from '../../events/asked.ts';
import { detailOf, type Webhook } from '../../events/bus-event.ts';
import type { Route } from '../../events/decision.ts';
import type { Delivery } from '../../events/delivery.ts';
import { isMatch } from '../../events/event-pattern.ts';
import { payloadValues } from '../../events/payload-values.ts';
import type { Normalised } from '../../events/provider.ts';
import { deliveryFor } from '../../events/pull-request-route.ts';
import { decideRoute } from '../../events/route.ts';
import type { BundledRule, RuleOptions } from '../../events/rule.ts';
import { namesOfRule } from '../../events/rule-name.ts';
import { cut, oneLine, type Values } from '../../events/template.ts';
import { errors, HooklineError } from './errors.ts';

/** Every rule, put in front of the function's bundle. */
declare const HOOKLINE_RULES: readonly BundledRule[];

/**
 * The options of a rule by a name that it has or had, as they are now. Whoever names a rule chooses none of its options.
 * Throws `Misconfigured` for a rule that is not deployed, or not any more.
 */
export function ruleNamed(name: string): RuleOptions {
  const rule = deployed(name);
  if (!rule)
    throw new HooklineError(
      errors.misconfigured,
      `rule ${JSON.stringify(name)} is not deployed (deployed: ${HOOKLINE_RULES.map((known) => known.name).join(', ')}); to run what it took before it was removed, add its file to events/rules, deploy and redrive, or replay the delivery through another rule`,
    );
  const { match: _, ...options } = rule;
  return options;
}

/** Every rule that is deployed. */
export const allRules = (): readonly BundledRule[] => HOOKLINE_RULES;

const deployed = (name: string): BundledRule | undefined =>
  HOOKLINE_RULES.find((rule) => namesOfRule(rule).includes(name));

/**
 * Checks that a rule takes a verified webhook: EventBridge chose the rule by an event that nobody has signed.
 * Throws `Malformed`.
 */
export function checkMatch(name: string, webhook: Webhook): void {
  const rule = deployed(name);
  if (rule && takes(rule.match, webhook)) return;
  throw new HooklineError(
    errors.malformed,
    `rule ${JSON.stringify(name)} does not take this delivery: its match does not fit the signed body; a rule that was changed takes what comes since`,
  );
}

/** Whether the match of a rule takes a verified webhook. */
export const takes = (match: BundledRule['match'], webhook: Webhook): boolean =>
  isMatch(match, detailOf(webhook, payloadOf(webhook)));

const payloadOf = ({ body }: Webhook): unknown => JSON.parse(Buffer.from(body, 'base64').toString());

/** What a rule makes of a verified delivery. */
export interface Routed {
  readonly delivery: Delivery;
  readonly route: Route;
  /** the clause that decided, in words */
  readonly reason: string;
  /** what the pull is asked for beside the artifact */
  readonly asked: Asked;
  /** the members of the payload that the rule's templates name */
  readonly values: Values;
}

/** A reason may quote a file's name, which is as long as whoever pushes likes. */
const MAX_REASON_LENGTH = 400;

/** Where a rule sends a verified delivery, and what is made of it. */
export function routed(
  rule: RuleOptions,
  { changed, message, ...normalised }: Normalised,
  webhook: Webhook,
): Routed {
  const delivery = deliveryFor(rule, normalised.delivery);
  const { route, reason, open = [] } = decideRoute(rule, delivery, changed, message);
  return {
    delivery,
    route,
    reason: cut(oneLine(reason), MAX_REASON_LENGTH),
    asked: askedOf(route === 'pull' ? rule : {}, open),
    values: payloadValues(rule, payloadOf(webhook)),
  };
}
