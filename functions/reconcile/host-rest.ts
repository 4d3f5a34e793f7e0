import * as z from 'zod';

/** A host that answered that it wants to be left alone. */
export class HostRests extends Error {
  override readonly name = 'HostRests';

  constructor(
    host: string,
    readonly seconds: number,
    options?: ErrorOptions,
  ) {
    super(`${host} asks for ${seconds} s of rest`, options);
  }
}

// A host that is too busy and does not say for how long.
const REST_SECONDS = 60;

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * For how long an answer asks to be left alone, in seconds: by Retry-After, or by the end of a rate limit.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function restAsked(status: number, headers: Headers, now = Date.now()): number | undefined {
  if (![403, 429, 503].includes(status)) return undefined;
  const {
    'retry-after': after = '',
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': reset,
  } = headers;
  if (/^\d+$/.test(after)) return Number(after);
  const until = remaining === '0' ? Number(reset) * 1000 : Date.parse(after);
  if (Number.isFinite(until)) return Math.max(1, Math.ceil((until - now) / 1000));
  return status === 403 ? undefined : REST_SECONDS;
}

const failedRequest = z.object({
  status: z.number(),
  response: z.object({ headers: z.record(z.string(), z.coerce.string().optional()) }),
});

/** The error of a call of a host's API as `HostRests`, where the host asks for that; every other as it is. */
export function asRest(host: string, error: unknown): unknown {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { data } = failedRequest.safeParse(at);
    const seconds = data && restAsked(data.status, data.response.headers);
    if (seconds !== undefined) return new HostRests(host, seconds, { cause: error });
  }
  return error;
}
