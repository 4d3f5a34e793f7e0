import { eventNames as github } from './github/event-names.ts';
import type { ProviderName } from './index.ts';

/** The names of the events that each provider sends, as in `match.event`. */
const eventNames: Readonly<Record<ProviderName, readonly string[]>> = { github };

const knownEvents: ReadonlySet<string> = new Set(Object.values(eventNames).flat());

/** Whether any provider sends an event of this name. */
export const isEventName = (event: string): boolean => knownEvents.has(event);
