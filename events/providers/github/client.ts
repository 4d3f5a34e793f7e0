import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import type { HostApi } from '../../provider.ts';
import { untrusted } from '../certificate-fault.ts';
import { limitedFetch } from '../limited-fetch.ts';
import { fetchTrusting } from '../trusting-fetch.ts';

const ATTEMPT_MS = 8000;

type Plugin = Parameters<typeof Octokit.plugin>[0];
type Options = NonNullable<ConstructorParameters<typeof Octokit>[0]>;

/**
 * A client of a host's REST API, without a token where there is none. It trusts the host's own authority, and a request
 * throws `HostUntrusted` for a certificate that it does not trust.
 */
export function clientOf(
  { host, url, token, ca }: HostApi,
  plugins: readonly Plugin[] = [],
  options: Options = {},
): Octokit {
  // The first plugin is the innermost: no other tries again what it has named.
  const named: Plugin = ({ hook }) =>
    hook.error('request', (error) => {
      throw untrusted(error, { host, hasAuthority: ca !== undefined }) ?? error;
    });
  const Client = Octokit.plugin(named, ...plugins);
  return new Client({
    ...options,
    baseUrl: url,
    ...(token ? { auth: token } : {}),
    request: { ...(ca === undefined ? {} : { fetch: fetchTrusting(ca) }), ...options.request },
  });
}

/** A client that makes each request up to three times, for 8 s each: a request's own signal ends all of its attempts. */
export function retryingClientOf(api: HostApi): Octokit {
  const fetchOnce =
    api.ca === undefined
      ? limitedFetch((url: string, init: RequestInit) => fetch(url, init), ATTEMPT_MS)
      : limitedFetch(fetchTrusting(api.ca), ATTEMPT_MS);
  return clientOf(api, [retry], { retry: { retries: 2 }, request: { fetch: fetchOnce } });
}
