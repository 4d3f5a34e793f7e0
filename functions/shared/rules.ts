import type { Delivery } from '../../events/delivery.ts';
import { decideRoute, type Route } from '../../events/route.ts';
import type { RuleOptions } from '../../events/rule.ts';
import { errors, HooklineError } from './errors.ts';

/** Every rule's options, put in front of the function's bundle. */
declare const HOOKLINE_RULES: readonly RuleOptions[];

/**
 * The options of a rule by its name, as they are now.
 * @param matched as they were when the rule took its event, for a rule that was removed since
 * Throws `Misconfigured` for a rule of which nothing is known.
 */
export function ruleNamed(name: string, matched?: RuleOptions): RuleOptions {
  const rule = HOOKLINE_RULES.find((known) => known.name === name) ?? matched;
  if (rule) return rule;
  throw new HooklineError(
    errors.misconfigured,
    `rule ${JSON.stringify(name)} is not deployed (deployed: ${HOOKLINE_RULES.map((known) => known.name).join(', ')}); add its file to events/rules and deploy`,
  );
}

/** Where a rule sends a delivery. @param changed the files of a push, undefined when they are not known */
export function routeOf(
  rule: RuleOptions,
  delivery: Delivery,
  changed: readonly string[] | undefined,
): Route {
  return decideRoute(rule, delivery, changed).route;
}
