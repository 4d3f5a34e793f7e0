import type { MintedToken, WantedToken } from '../../events/app.ts';
import type { Host } from '../../events/hosts.ts';
import { appTokens } from '../../events/providers/app-tokens.ts';
import { cached } from './cache.ts';
import { readHost } from './hosts.ts';
import { appOf, credential } from './secrets.ts';

/** How long a minted token is kept, in ms: a push needs some within minutes, and one that was revoked is soon another. */
const KEPT_MS = 10 * 60_000;
/** What a request takes at most, its tries included. */
const LEAST_LIFE_MS = 60_000;

const minted = cached(async (key) => {
  const [host, repository, use] = JSON.parse(key);
  const { TOKEN_FUNCTION: name } = process.env;
  if (!name) return mint(host, await readHost(host), { repository, use });
  const { askToken } = await import('./ask-token.ts');
  return askToken(name, host, { repository, use });
}, KEPT_MS);

/**
 * The token by which a step does one thing in one repository: the host's own, or minted by the host's App, in a build by a
 * function (TOKEN_FUNCTION). It is kept for ten minutes, and never to its end. `undefined` for a host that has neither.
 * Throws HostRefused where the App may not, and `Misconfigured`.
 */
export async function tokenFor(
  host: string,
  settings: Host,
  { repository, use }: WantedToken,
): Promise<string | undefined> {
  const { token, app } = await credential(host, settings);
  if (!app) return token;
  const key = JSON.stringify([host, repository, use]);
  const kept = await minted(key);
  if (Date.parse(kept.expiresAt) - Date.now() > LEAST_LIFE_MS) return kept.token;
  return (await minted(key, 0)).token;
}

/** A new token, by the host's App. Throws HostRefused, `Misconfigured`. */
export async function mint(host: string, settings: Host, wanted: WantedToken): Promise<MintedToken> {
  const { api: url, ca, provider } = settings;
  return appTokens[provider].mint({ host, url, ca }, await appOf(host), wanted);
}
