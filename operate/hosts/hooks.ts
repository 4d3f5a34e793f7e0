import type { Hooks as ProviderHooks } from '../../events/administration.ts';
import { administrations } from '../../events/providers/administrations.ts';
import { type ProviderName, usualProvider } from '../../events/providers/index.ts';
import type { Connection } from '../connection/connection.ts';
import { listRules } from '../rules/index.ts';
import { hostToken } from './credentials.ts';
import { gitHost } from './hosts.ts';
import { secretsSet } from './secrets.ts';
import { webhookSecret } from './webhook-secrets.ts';

/** Whose hooks: a repository `owner/name`, or an organisation. */
export interface HookScope {
  readonly host: string;
  readonly of: string;
}

/** The webhooks of a repository or an organisation on a git host, with that host's token. */
export interface Hooks extends Omit<ProviderHooks, 'create'> {
  /** makes the webhook of this deployment, or brings it up to date */
  create(events?: readonly string[]): ReturnType<ProviderHooks['create']>;
}

/** The host that is meant where none is named: the only one whose API Hookline has a token for. @throws when there are several */
export async function onlyHost(connection: Connection): Promise<string> {
  const kinds = await secretsSet(connection);
  const hosts = Object.keys(kinds).filter((host) => kinds[host]?.includes('token'));
  const [first = usualProvider.usualHost.name, ...others] = hosts;
  if (others.length === 0) return first;
  throw new Error(`${hosts.join(', ')} have a token each: name the one that is meant with --host`);
}

/** @throws for an unknown host, one without a token, and a name that is neither repository nor organisation */
export async function hooksOf(connection: Connection, { host, of }: HookScope): Promise<Hooks> {
  const { api: url, provider, ca } = await gitHost(connection, host);
  const token = await hostToken(connection, host);
  const hooks = administrations[provider].hooks({ host, url, token, ca }, of);
  return {
    ...hooks,
    create: async (events) =>
      hooks.create({
        url: doorOf(connection, provider),
        secret: await webhookSecret(connection, host),
        events: events ?? (await eventsOfRules(connection)),
      }),
  };
}

/** The address of a provider's door; the doors stand side by side, and the stack names one of them. */
export const doorOf = ({ outputs }: Connection, provider: ProviderName): string =>
  new URL(provider, outputs.webhookUrl).href;

/** The events that the rules name; every one when a rule names none. A host pings unasked, and takes no wish for a ping. */
async function eventsOfRules(connection: Connection): Promise<string[]> {
  const rules = await listRules(connection);
  const named = rules.map(({ match }) => (Array.isArray(match.event) ? match.event : ['*']));
  const events = named.flat().map((event) => (typeof event === 'string' ? event : '*'));
  const wanted = new Set(events.filter((event) => event !== 'ping'));
  return wanted.has('*') || wanted.size === 0 ? ['*'] : [...wanted].sort();
}
