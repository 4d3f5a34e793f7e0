import { Octokit } from '@octokit/core';
import * as z from 'zod';
import type { Connection } from '../connection/connection.ts';
import { listRules } from '../rules/index.ts';
import { gitHost } from './hosts.ts';
import { hostToken, webhookSecret } from './secrets.ts';

const hookSchema = z.looseObject({
  id: z.number(),
  active: z.boolean().default(true),
  events: z.array(z.string()).default([]),
  config: z.looseObject({ url: z.string().optional(), content_type: z.string().optional() }).default({}),
});
const deliverySchema = z.looseObject({
  // Of github.com it is larger than a number is exact for, and Octokit reads it as a bigint.
  id: z.union([z.number(), z.bigint()]).transform(String),
  guid: z.string(),
  delivered_at: z.string(),
  redelivery: z.boolean().default(false),
  status: z.string(),
  status_code: z.number(),
  event: z.string(),
  action: z.string().nullish(),
});

export type Hook = z.infer<typeof hookSchema>;
export type HookDelivery = z.infer<typeof deliverySchema>;

/** Whose hooks: a repository `owner/name`, or an organisation. */
export interface HookScope {
  readonly host: string;
  readonly of: string;
}

/** The webhooks of a repository or an organisation on a git host, with that host's token. */
export interface Hooks {
  list(): Promise<Hook[]>;
  /** makes the webhook, or brings the one with our address up to date */
  create(events?: readonly string[]): Promise<{ hook: Hook; created: boolean }>;
  ping(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** the newest first, a thousand at most */
  deliveries(id: string): Promise<HookDelivery[]>;
  redeliver(id: string, delivery: string): Promise<void>;
}

const MOST_DELIVERIES = 1000;

/** @throws for an unknown host, one without a token, and a name that is neither repository nor organisation */
export async function hooksOf(connection: Connection, { host, of }: HookScope): Promise<Hooks> {
  const { api } = await gitHost(connection, host);
  const base = basePath(of);
  const client = new Octokit({ baseUrl: api, auth: await hostToken(connection, host) });
  const call = (method: string, path = '', data: object = {}) =>
    client.request(`${method} ${base}${path}`, { ...data }).catch((error: unknown) => {
      throw explained(error, host, of);
    });
  const all = async <T>(
    path: string,
    schema: z.ZodType<T>,
    most = Number.POSITIVE_INFINITY,
  ): Promise<T[]> => {
    const found: T[] = [];
    let next: Record<string, string> | undefined = {};
    while (next && found.length < most) {
      const { data, headers } = await call('GET', path, { per_page: 100, ...next });
      found.push(...z.array(schema).parse(data));
      next = nextOf(headers.link);
    }
    return found;
  };
  const list = (): Promise<Hook[]> => all('', hookSchema);
  return {
    list,
    create: async (events) => {
      const url = connection.outputs.webhookUrl;
      const wanted = {
        name: 'web',
        active: true,
        events: [...(events ?? (await eventsOfRules(connection)))],
        config: {
          url,
          content_type: 'json',
          insecure_ssl: '0',
          secret: await webhookSecret(connection, host),
        },
      };
      const present = (await list()).find(({ config }) => config.url === url);
      const { data } = present
        ? await call('PATCH', `/${present.id}`, wanted)
        : await call('POST', '', wanted);
      return { hook: hookSchema.parse(data), created: !present };
    },
    ping: async (id) => void (await call('POST', `/${id}/pings`)),
    remove: async (id) => void (await call('DELETE', `/${id}`)),
    deliveries: (id) => all(`/${id}/deliveries`, deliverySchema, MOST_DELIVERIES),
    redeliver: async (id, delivery) => void (await call('POST', `/${id}/deliveries/${delivery}/attempts`)),
  };
}

/** What a host wants to be asked for the page after this one, if there is one; a page may hold fewer than were asked for. */
function nextOf(link = ''): Record<string, string> | undefined {
  const url = /<([^>]*)>;\s*rel="?next"?/.exec(link)?.[1];
  return url === undefined ? undefined : Object.fromEntries(new URL(url).searchParams);
}

function basePath(of: string): string {
  if (/^[\w.-]+\/[\w.-]+$/.test(of)) return `/repos/${of}/hooks`;
  if (/^[\w.-]+$/.test(of)) return `/orgs/${of}/hooks`;
  throw new Error(`${JSON.stringify(of)} is neither a repository (owner/name) nor an organisation (name)`);
}

/** The events that the rules name; every one when a rule names none. */
async function eventsOfRules(connection: Connection): Promise<string[]> {
  const rules = await listRules(connection);
  const named = rules.map(({ match }) => (Array.isArray(match.event) ? match.event : ['*']));
  const events = named.flat().map((event) => (typeof event === 'string' ? event : '*'));
  return events.includes('*') ? ['*'] : [...new Set(events)].sort();
}

function explained(error: unknown, host: string, of: string): Error {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  const scope = of.includes('/') ? 'admin:repo_hook' : 'admin:org_hook';
  const said = SAID[String(status)]?.(scope);
  if (said !== undefined)
    return new Error(`${host} answers ${status} for the webhooks of ${of}: ${said}`, { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}

const SAID: Readonly<Record<string, (scope: string) => string>> = {
  '401': () => 'it does not take the token; set a valid one with "hookline secret set"',
  '403': (scope) => `the token may not see them; it needs the scope ${scope}`,
  '404': (scope) => `either there is no such thing, or the token lacks the scope ${scope}`,
};
