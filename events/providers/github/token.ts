import type { TokenResult } from '../../administration.ts';
import { HostRests } from '../../host-rest.ts';
import type { HostApi } from '../../provider.ts';
import { HostUntrusted } from '../certificate-fault.ts';
import { clientOf } from './client.ts';

// A host that takes longer is as good as away.
const TIMEOUT_MS = 5000;

/** Asks the host's REST API whether it takes the token; GitHub counts such a call against no limit. */
export async function checkToken(api: HostApi): Promise<TokenResult> {
  const { host, url, token } = api;
  try {
    const { headers } = await clientOf(api, TIMEOUT_MS).request('GET /rate_limit');
    return token
      ? checkScopes(host, headers['x-oauth-scopes'])
      : ok(`${url} answers; there is no token to try`);
  } catch (error) {
    return refusal(api, error);
  }
}

// GitHub Enterprise Server without rate limits answers so, to a token that it takes.
const NO_LIMITS = /rate limiting is not enabled/i;

function refusal({ host, url, token }: HostApi, error: unknown): TokenResult {
  if (error instanceof HostUntrusted) return failed(`${error.name}: ${error.fault}`, error.advice);
  if (error instanceof HostRests) return warning(error.message, 'run this again then');
  const { status, message, headers } = answerOf(error);
  if (status === 404 && NO_LIMITS.test(message)) return checkScopes(host, headers['x-oauth-scopes']);
  if (status === undefined)
    return warning(
      `${url} cannot be reached from this machine: ${message}`,
      'check the address and the proxy; what counts is that the build reaches the host',
    );
  if (!token) return ok(`${url} answers ${status}; there is no token to try`);
  const set = `set a valid one with "hookline secret set ${host} token"`;
  if (status === 401)
    return failed(`${url} answers 401: it does not take the token, which may have expired`, set);
  if (status === 404)
    return failed(
      `${url} answers 404: it is no REST API, or it does not take the token`,
      `correct "api" of ${host} in cdk.json, or ${set}`,
    );
  return failed(`${url} answers ${status}: ${message}`, 'see what the host says');
}

interface Answer {
  readonly status: number | undefined;
  readonly message: string;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** The host's answer in an error. An error of the network has none, although Octokit gives it the status 500. */
function answerOf(error: unknown): Answer {
  const cause = error instanceof Error ? error : new Error(String(error));
  const response = 'response' in cause ? cause.response : undefined;
  if (typeof response !== 'object' || response === null)
    return { status: undefined, message: cause.message, headers: {} };
  const { status, headers } = Object.assign({ status: 0, headers: {} }, response);
  return { status, message: cause.message, headers };
}

function checkScopes(host: string, header: string | number | undefined): TokenResult {
  if (header === undefined)
    return ok(
      'it takes the token, and names no scopes: a fine-grained or an app token needs contents: read, commit statuses: write, and for "hooks" webhooks: write',
    );
  const scopes = String(header)
    .split(',')
    .map((scope) => scope.trim())
    .filter(Boolean);
  const summary = `it takes the token, which has ${scopes.join(', ') || 'no scope'}`;
  if (!scopes.includes('repo'))
    return warning(
      `${summary}: private repositories cannot be pulled`,
      `make a token with the scope repo, and set it with "hookline secret set ${host} token"`,
    );
  if (!scopes.some((scope) => /^admin:(repo|org)_hook$/.test(scope)))
    return ok(`${summary}; without admin:repo_hook or admin:org_hook "hookline hooks" cannot be used`);
  return ok(summary);
}

const ok = (message: string): TokenResult => ({ result: 'ok', message });
const warning = (message: string, advice: string): TokenResult => ({ result: 'warning', message, advice });
const failed = (message: string, advice: string): TokenResult => ({ result: 'failed', message, advice });
