import { HostRests, restAsked } from '../../events/host-rest.ts';
import { statusOf } from '../../events/http-status.ts';
import { HostUntrusted } from '../../events/providers/certificate-fault.ts';

// A host that is away, or too busy, and does not say for how long.
const AWAY_SECONDS = 60;

/** For how long a host is left alone that answers so, in seconds. */
export const restAfter = (status: number, headers: Readonly<Record<string, string>>): number | undefined =>
  restAsked(status, headers) ?? (status === 503 ? AWAY_SECONDS : undefined);

/**
 * The error of a call of a host as `HostRests`, where the host is to be left alone: it says so, or does not answer, and each
 * further call might wait as long for nothing. Every other error as it is.
 */
export function asRest(host: string, error: unknown): unknown {
  // A host that is not trusted was there.
  for (let at = error; at instanceof Error && !(at instanceof HostUntrusted); at = at.cause) {
    if (at instanceof HostRests) return at;
    if (statusOf(at) === 503) return new HostRests(host, AWAY_SECONDS, { cause: error });
    const silence = silenceOf(at);
    if (silence !== undefined)
      return new HostRests(
        host,
        AWAY_SECONDS,
        { cause: error },
        `${host} does not answer, and is left alone for ${AWAY_SECONDS} s: ${silence}`,
      );
  }
  return error;
}

/** The codes of a network that leads to no host. A connection that breaks off is none: the next one may not. */
const NO_WAY: ReadonlySet<unknown> = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'],
]);

/** Why `fetch` has no answer: a limit of time has ended it, or there is no way to the host. Clients of AWS throw neither. */
function silenceOf(error: Error): string | undefined {
  if (error instanceof DOMException) return error.message;
  const { cause } = error;
  if (!(error instanceof TypeError && cause instanceof Error && 'code' in cause)) return undefined;
  return NO_WAY.has(cause.code) ? cause.message || String(cause.code) : undefined;
}
