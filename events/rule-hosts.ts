import { isMatch } from './event-pattern.ts';
import type { Match } from './match.ts';

/** Whether a match takes deliveries of a host, as far as the match speaks of hosts. */
export function mayTake({ host, $or }: Match, name: string): boolean {
  if (host !== undefined && !isMatch({ host }, { host: name })) return false;
  return $or === undefined || $or.some((each) => mayTake(each, name));
}
