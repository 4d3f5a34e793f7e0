import { eventNames as github } from './github/event-names.ts';
import type { ProviderName } from './index.ts';

/** The events that each provider sends, as they stand in `match.event`. */
const eventNames: Readonly<Record<ProviderName, readonly string[]>> = { github };

const sent: ReadonlySet<string> = new Set(Object.values(eventNames).flat());

/** Whether any provider sends an event of this name. */
export const isSent = (event: string): boolean => sent.has(event);
