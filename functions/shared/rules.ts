import { detailOf, type Webhook } from '../../events/bus-event.ts';
import type { Route } from '../../events/decision.ts';
import type { Delivery } from '../../events/delivery.ts';
import { isMatch } from '../../events/event-pattern.ts';
import { payloadValues } from '../../events/payload-values.ts';
import { decideRoute } from '../../events/route.ts';
import type { BundledRule, RuleOptions } from '../../events/rule.ts';
import { namesOfRule } from '../../events/rule-name.ts';
import type { Values } from '../../events/template.ts';
import { errors, HooklineError } from './errors.ts';

/** Every rule, put in front of the function's bundle. */
declare const HOOKLINE_RULES: readonly BundledRule[];

/**
 * The options of a rule by a name that it has or had, as they are now.
 * @param matched as they were when the rule took its event, for a rule that was removed since
 * Throws `Misconfigured` for a rule of which nothing is known.
 */
export function ruleNamed(name: string, matched?: RuleOptions): RuleOptions {
  const rule = deployed(name);
  if (rule) {
    const { match: _, ...options } = rule;
    return options;
  }
  if (matched?.name === name) return matched;
  throw new HooklineError(
    errors.misconfigured,
    `rule ${JSON.stringify(name)} is not deployed (deployed: ${HOOKLINE_RULES.map((known) => known.name).join(', ')}); add its file to events/rules and deploy`,
  );
}

const deployed = (name: string): BundledRule | undefined =>
  HOOKLINE_RULES.find((rule) => namesOfRule(rule).includes(name));

/**
 * Checks that a rule takes a verified webhook: EventBridge chose the rule by an event that nobody has signed. A rule that
 * was removed since is not known any more.
 * Throws `Malformed`.
 */
export function checkMatch(name: string, webhook: Webhook): void {
  const rule = deployed(name);
  if (!rule || isMatch(rule.match, detailOf(webhook, payloadOf(webhook)))) return;
  throw new HooklineError(
    errors.malformed,
    `rule ${JSON.stringify(name)} does not take this delivery: its match does not fit the signed body; a rule that was changed takes what comes since`,
  );
}

/** The values of the members of a verified payload that a rule's templates name. */
export const valuesOf = (rule: RuleOptions, webhook: Webhook): Values =>
  payloadValues(rule, payloadOf(webhook));

const payloadOf = ({ body }: Webhook): unknown => JSON.parse(Buffer.from(body, 'base64').toString());

/** Where a rule sends a delivery. @param changed the files of a push, undefined when they are not known */
export function routeOf(
  rule: RuleOptions,
  delivery: Delivery,
  changed: readonly string[] | undefined,
): Route {
  return decideRoute(rule, delivery, changed).route;
}
