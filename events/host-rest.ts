/** A host that is to be left alone: it answered so, or it does not answer. */
export class HostRests extends Error {
  override readonly name = 'HostRests';

  constructor(
    host: string,
    readonly seconds: number,
    options?: ErrorOptions,
    message = `${host} asks for ${seconds} s of rest`,
  ) {
    super(message, options);
  }
}

// What GitHub has its clients wait for at least where it names no time.
const REST_SECONDS = 60;
// A rate limit of GitHub is for an hour. An answer that names a longer time is wrong, and may be no date at all.
const MOST_REST_SECONDS = 3600;

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * For how long an answer asks to be left alone, in seconds, an hour at most: by Retry-After, by the end of a rate limit, or because it says
 * that there were too many requests. Undefined for an answer that does not ask.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function restAsked(
  status: number,
  headers: Headers,
  message = '',
  now = Date.now(),
): number | undefined {
  if (![403, 429, 503].includes(status)) return undefined;
  const {
    'retry-after': after = '',
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': reset,
  } = headers;
  if (/^\d+$/.test(after)) return Math.min(MOST_REST_SECONDS, Number(after));
  const until = remaining === '0' ? Number(reset) * 1000 : Date.parse(after);
  if (Number.isFinite(until))
    return Math.min(MOST_REST_SECONDS, Math.max(1, Math.ceil((until - now) / 1000)));
  return status === 429 || /secondary rate limit|abuse detection/i.test(message) ? REST_SECONDS : undefined;
}
