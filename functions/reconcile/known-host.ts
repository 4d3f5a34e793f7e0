import type { TokenUse } from '../../events/app.ts';
import type { Host } from '../../events/hosts.ts';
import type { HostApi } from '../../events/provider.ts';
import { appTokens } from '../../events/providers/app-tokens.ts';
import { tokenFor } from '../shared/host-token.ts';
import { readHosts } from '../shared/hosts.ts';
import { appOf, credential, webhookSecrets } from '../shared/secrets.ts';

/** A host that Reconcile may ask: there is a token or an App for it, and a secret by which it signs. */
export interface KnownHost {
  readonly name: string;
  readonly settings: Host;
  /** its API, with the token for one repository */
  api(repository: string, use: TokenUse): Promise<HostApi>;
  /** the value of the header that a clone of a repository has */
  authorization(repository: string): Promise<string>;
  /** its API by the App itself, where its credential is one */
  readonly asApp?: () => Promise<HostApi>;
  readonly webhookSecret: string;
}

/** The hosts with a credential and a webhook secret, by their names. Throws `Misconfigured`. */
export async function knownHosts(): Promise<ReadonlyMap<string, KnownHost>> {
  const known = new Map<string, KnownHost>();
  for (const [name, settings] of Object.entries(await readHosts())) {
    const { token, app, username = 'x-access-token' } = await credential(name, settings);
    const [webhookSecret] = await webhookSecrets(name);
    if ((token === undefined && !app) || webhookSecret === undefined) continue;
    const { api: url, ca, provider } = settings;
    const asApp = async () => ({ host: name, url, ca, token: appTokens[provider].own(await appOf(name)) });
    const tokenOf = async (repository: string, use: TokenUse) =>
      (await tokenFor(name, settings, { repository, use })) ?? '';
    known.set(name, {
      ...{ name, settings, webhookSecret },
      ...(app && { asApp }),
      api: async (repository, use) => ({ host: name, url, token: await tokenOf(repository, use), ca }),
      authorization: async (repository) =>
        `Basic ${Buffer.from(`${username}:${await tokenOf(repository, 'read')}`).toString('base64')}`,
    });
  }
  return known;
}
