import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import * as z from 'zod';
import { HostRests, restAsked } from '../../host-rest.ts';
import type { HostApi } from '../../provider.ts';
import { untrusted } from '../certificate-fault.ts';
import { limitedFetch } from '../limited-fetch.ts';
import { fetchTrusting } from '../trusting-fetch.ts';

const REQUEST_MS = 20_000;
const ATTEMPT_MS = 8000;

type Plugin = Parameters<typeof Octokit.plugin>[0];
type Options = NonNullable<ConstructorParameters<typeof Octokit>[0]>;

/**
 * A client of a host's REST API, without a token where there is none. It trusts the host's own authority, and a request
 * throws `HostUntrusted` for a certificate that it does not trust, and `HostRests` where the host asks to be left alone.
 * @param ms how long it waits for an answer
 */
export function clientOf(
  { host, url, token, ca }: HostApi,
  ms = REQUEST_MS,
  plugins: readonly Plugin[] = [],
  options: Options = {},
): Octokit {
  // The first plugin is the innermost: no other tries again what it has named.
  const named: Plugin = ({ hook }) =>
    hook.error('request', (error) => {
      throw untrusted(error, { host, hasAuthority: ca !== undefined }) ?? asRest(host, error);
    });
  const Client = Octokit.plugin(named, ...plugins);
  return new Client({
    ...options,
    baseUrl: url,
    ...(token ? { auth: token } : {}),
    request: { fetch: ca === undefined ? limitedFetch(fetchAny, ms) : limitedFetch(fetchTrusting(ca), ms) },
  });
}

const limitedSchema = z.object({
  status: z.number(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.coerce.string().optional()) }),
});

/** GitHub says of too many requests what it says of a token that may not: 403. */
function asRest(host: string, error: unknown): unknown {
  const { data: answer } = limitedSchema.safeParse(error);
  const seconds = answer && restAsked(answer.status, answer.response.headers, answer.message);
  return seconds === undefined ? error : new HostRests(host, seconds, { cause: error });
}

// Looked up for each request, as a test puts another in its place.
const fetchAny = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);

/** A client that makes each request up to three times, for 8 s each: a request's own signal ends all of its attempts. */
export const retryingClientOf = (api: HostApi): Octokit =>
  clientOf(api, ATTEMPT_MS, [retry], { retry: { retries: 2 } });
