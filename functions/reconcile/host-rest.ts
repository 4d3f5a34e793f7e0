import { HostRests, restAsked } from '../../events/host-rest.ts';
import { statusOf } from '../../events/http-status.ts';

// A host that is away, or too busy, and does not say for how long.
const AWAY_SECONDS = 60;

/** For how long a host is left alone that answers so, in seconds. */
export const restAfter = (status: number, headers: Readonly<Record<string, string>>): number | undefined =>
  restAsked(status, headers) ?? (status === 503 ? AWAY_SECONDS : undefined);

/** The error of a call of a host's API as `HostRests`, where the host is to be left alone; every other as it is. */
export function asRest(host: string, error: unknown): unknown {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof HostRests) return at;
    if (statusOf(at) === 503) return new HostRests(host, AWAY_SECONDS, { cause: error });
  }
  return error;
}
