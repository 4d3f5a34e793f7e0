import { Octokit } from '@octokit/core';
import type { HostApi } from '../../provider.ts';
import { untrusted } from '../certificate-fault.ts';
import { fetchTrusting } from '../trusting-fetch.ts';

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
    request: { ...options.request, ...(ca === undefined ? {} : { fetch: fetchTrusting(ca) }) },
  });
}
