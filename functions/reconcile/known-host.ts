import type { Host } from '../../events/hosts.ts';
import type { HostApi } from '../../events/provider.ts';
import { readHosts } from '../shared/hosts.ts';
import { credential, webhookSecrets } from '../shared/secrets.ts';

/** A host that Reconcile may ask: there is a token for it, and a secret by which it signs. */
export interface KnownHost {
  readonly name: string;
  readonly settings: Host;
  readonly api: HostApi;
  /** the value of the header that a clone has */
  readonly authorization: string;
  readonly webhookSecret: string;
}

/** The hosts with a token and a webhook secret, by their names. Throws `Misconfigured`. */
export async function knownHosts(): Promise<ReadonlyMap<string, KnownHost>> {
  const known = new Map<string, KnownHost>();
  for (const [name, settings] of Object.entries(await readHosts())) {
    const { token, username = 'x-access-token' } = await credential(name, settings);
    const [webhookSecret] = await webhookSecrets(name);
    if (token === undefined || webhookSecret === undefined) continue;
    const authorization = `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`;
    const api = { host: name, url: settings.api, token, ca: settings.ca };
    known.set(name, { name, settings, api, authorization, webhookSecret });
  }
  return known;
}
