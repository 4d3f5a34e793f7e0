import { filterChange } from './change-filter.ts';
import type { Decision, Route, RouteOptions } from './decision.ts';
import type { Delivery } from './delivery.ts';
import { decideRequest, isOfRequest } from './pull-request-route.ts';

/**
 * Decides the route of a delivery that the rule's match has taken. Validate acts on the decision; the command, the
 * console and the forecast explain it.
 * @param changed the files of a push, undefined when they are not known
 * @param message of the newest commit, undefined when it is not known
 */
export function decideRoute(
  rule: RouteOptions,
  delivery: Delivery,
  changed: readonly string[] | undefined,
  message?: string,
): Decision {
  const decided = decideByEvent(rule, delivery);
  const filtered = decided.route === 'pull' ? filterChange(rule, delivery, { changed, message }) : undefined;
  if (!filtered) return decided;
  const { passes, reason, byPaths, open } = filtered;
  return { route: passes ? 'pull' : 'ignored', reason, byPaths, ...(open.length > 0 ? { open } : {}) };
}

/** The decision by the event and the ref alone. */
function decideByEvent(rule: RouteOptions, delivery: Delivery): Decision {
  const { event, ref, deleted } = delivery;
  if (event === 'ping') return decision('ping', 'a ping asks for nothing');
  if (isOfRequest(rule, delivery)) return decideRequest(rule, delivery);
  if (!ref) return decision('ignored', `the event ${event} names neither a branch nor a tag`);
  if (!/^refs\/(heads|tags)\//.test(ref)) return decision('ignored', `${ref} is neither a branch nor a tag`);
  // The same change comes as a push too, so a rule gets any other event only by name.
  if (event !== 'push' && !rule.asksFor.includes(event))
    return decision('ignored', `the rule does not ask for the event ${event}: match.event does not name it`);
  if (deleted) return decision('retire', `${ref} is deleted`);
  if (event !== 'push') return decision('pull', `the rule asks for the event ${event}`);
  return decision('pull', `it is a push to ${ref}`);
}

const decision = (route: Route, reason: string): Decision => ({ route, reason, byPaths: false });
