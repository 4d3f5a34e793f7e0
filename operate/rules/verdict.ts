import type { Route, RouteOptions } from '../../events/decision.ts';
import type { Delivery } from '../../events/delivery.ts';
import { payloadValues, type TemplateOptions } from '../../events/payload-values.ts';
import type { Normalised } from '../../events/provider.ts';
import { receivers } from '../../events/providers/receivers.ts';
import { deliveryFor } from '../../events/pull-request-route.ts';
import { decideRoute } from '../../events/route.ts';
import { outcomes, stateOfRoute } from '../../statemachine/outcomes.ts';
import type { BusEvent } from '../deliveries/event.ts';
import { madeOf } from './made-of.ts';
import { jsonText, type ValueAtPath } from './values-at.ts';

/** The machine's treatment of a delivery that a rule has matched. */
export interface Verdict {
  /** the state of the machine, or the outcome */
  readonly next: (typeof stateOfRoute)[keyof typeof stateOfRoute] | 'TakeDown' | typeof outcomes.malformed;
  /** the clause that decided, in words: `no changed file matches src/**` */
  readonly reason: string;
  /** the files that the push changed, where a path filter decided, and what the rule makes of the delivery: names, variables */
  readonly found: readonly ValueAtPath[];
}

/** An event as Validate reads it, or why Validate cannot. */
export type ReadEvent = (Normalised & { readonly payload: unknown }) | { readonly malformed: string };

/** Reads an event as Validate does, but for its signature. */
export function readEvent({ detail }: BusEvent): ReadEvent {
  const { provider, host, event, deliveryId, body, payload } = detail;
  try {
    // A pasted payload has no body.
    const bytes = body === '' ? Buffer.from(JSON.stringify(payload)) : Buffer.from(body, 'base64');
    return { ...receivers[provider].read({ host, event, deliveryId }, bytes), payload };
  } catch (error) {
    return { malformed: error instanceof Error ? error.message : String(error) };
  }
}

/** What a rule does with an event that its match has taken. */
export function verdictOf(options: RouteOptions & TemplateOptions, event: ReadEvent): Verdict {
  if ('malformed' in event) return { next: outcomes.malformed, reason: event.malformed, found: [] };
  const { changed, message, payload } = event;
  const delivery = deliveryFor(options, event.delivery);
  const { route, reason, byPaths } = decideRoute(options, delivery, changed, message);
  const found = byPaths && changed ? [{ path: 'changed files', value: jsonText(changed) }] : [];
  const values = route === 'pull' ? payloadValues(options, payload) : {};
  const made = route === 'pull' ? madeOf(options, { delivery, values }) : [];
  return { next: nextOf(route, options, delivery), reason, found: [...found, ...made] };
}

/** A closed request of its own ref has a pointer that goes, as that of a deleted branch does. */
function nextOf(route: Route, options: TemplateOptions, { ref }: Pick<Delivery, 'ref'>): Verdict['next'] {
  if (route !== 'close') return stateOfRoute[route];
  if (endsRequests(options)) return 'TakeDown';
  return stateOfRoute[ref?.startsWith('refs/pull/') ? 'retire' : 'close'];
}

/** Whether a rule has something to do when a pull request is closed. */
const endsRequests = ({ pipeline, 'on-close': onClose }: TemplateOptions): boolean =>
  pipeline?.each === 'pull-request' || onClose !== undefined;
