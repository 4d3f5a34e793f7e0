import * as z from 'zod';
import type {
  Hook,
  HookDelivery,
  Hooks,
  SentDeliveries,
  SentHooks,
  SentQuery,
} from '../../administration.ts';
import { statusOf } from '../../http-status.ts';
import type { HostApi } from '../../provider.ts';
import { clientOf } from './client.ts';

const configSchema = z.looseObject({ url: z.string().optional(), content_type: z.string().optional() });
const hookSchema = z.looseObject({
  id: z.number(),
  active: z.boolean().default(true),
  events: z.array(z.string()).default([]),
  config: configSchema.default({}),
});
const deliverySchema = z.looseObject({
  // An id of github.com is too large for an exact number, so Octokit reads it as a bigint.
  id: z.union([z.number(), z.bigint()]).transform(String),
  guid: z.string(),
  delivered_at: z.string(),
  redelivery: z.boolean().default(false),
  status: z.string(),
  status_code: z.number(),
  event: z.string(),
  action: z.string().nullish(),
});

const MOST_DELIVERIES = 1000;
// A page takes well below a second.
const MOST_PAGING_MS = 60_000;

/** The webhooks of a repository or an organisation. @throws for a name that is neither */
export function hooks(api: HostApi, of: string): Hooks {
  const { call, all, attempts, again } = callsAt(api, basePath(of), of);
  const list = (): Promise<Hook[]> => all('', hookSchema);
  return {
    list,
    create: async ({ url, secret, events }) => {
      const config = { url, content_type: 'json', insecure_ssl: '0', secret };
      const wanted = { name: 'web', active: true, events, config };
      const present = (await list()).find(({ config }) => config.url === url);
      const { data } = present
        ? await call('PATCH', `/${present.id}`, wanted)
        : await call('POST', '', wanted);
      return { hook: hookSchema.parse(data), created: !present };
    },
    ping: async (id) => void (await call('POST', `/${id}/pings`)),
    remove: async (id) => void (await call('DELETE', `/${id}`)),
    deliveries: (id, query) => attempts(`/${id}/deliveries`, query),
    redeliver: (id, delivery) => again(`/${id}/deliveries`, delivery),
  };
}

/** The one webhook of an App, by the token with which the App names itself. */
export function appHooks(api: HostApi): SentHooks {
  const { call, attempts, again } = callsAt(api, '/app/hook', 'the App');
  return {
    // It has no id.
    list: async () => {
      const answer = await call('GET', '/config').catch(absent);
      return answer ? [{ id: 0, active: true, events: [], config: configSchema.parse(answer.data) }] : [];
    },
    deliveries: (_, query) => attempts('/deliveries', query),
    redeliver: (_, delivery) => again('/deliveries', delivery),
  };
}

/** An App may have no webhook. */
function absent(error: unknown): undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (statusOf(cause) !== 404) throw error;
}

/** The calls below a path. @param of whose webhooks they are about, for messages */
function callsAt(api: HostApi, base: string, of: string) {
  const client = clientOf(api);
  const call = (method: string, path = '', data: object = {}) =>
    client.request(`${method} ${base}${path}`, { ...data }).catch((error: unknown) => {
      throw explainedError(error, api.host, of);
    });
  const all = async <T>(
    path: string,
    schema: z.ZodType<T>,
    isEnough: (found: readonly T[]) => boolean = () => false,
  ): Promise<T[]> => {
    const found: T[] = [];
    let next: Record<string, string> | undefined = {};
    while (next && !isEnough(found)) {
      const { data, headers } = await call('GET', path, { per_page: 100, ...next });
      found.push(...z.array(schema).parse(data));
      next = nextPageOf(headers.link);
    }
    return found;
  };
  return {
    call,
    all,
    attempts: async (
      path: string,
      { since = '', most = MOST_DELIVERIES, until = Number.POSITIVE_INFINITY }: SentQuery = {},
    ): Promise<SentDeliveries> => {
      const isOld = ({ delivered_at }: HookDelivery): boolean => Date.parse(delivered_at) < Date.parse(since);
      const end = Math.min(until, Date.now() + MOST_PAGING_MS);
      let isCut = false;
      const isEnough = (found: readonly HookDelivery[]): boolean => {
        if (found.some(isOld)) return true;
        isCut = found.length >= most || Date.now() > end;
        return isCut;
      };
      const found = await all(path, deliverySchema, isEnough);
      return { deliveries: found.filter((each) => !isOld(each)), isCut };
    },
    again: async (path: string, delivery: string): Promise<void> =>
      void (await call('POST', `${path}/${delivery}/attempts`)),
  };
}

/**
 * The parameters of the request for the next page, if there is one; a page may hold fewer items than were requested.
 */
function nextPageOf(link = ''): Record<string, string> | undefined {
  const url = /<([^>]*)>;\s*rel="?next"?/.exec(link)?.[1];
  return url === undefined ? undefined : Object.fromEntries(new URL(url).searchParams);
}

function basePath(of: string): string {
  if (/^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/.test(of)) return `/repos/${of}/hooks`;
  if (/^(?!\.+$)[\w.-]+$/.test(of)) return `/orgs/${of}/hooks`;
  throw new Error(`${JSON.stringify(of)} is neither a repository (owner/name) nor an organisation (name)`);
}

function explainedError(error: unknown, host: string, of: string): Error {
  const status = statusOf(error);
  const scope = of.includes('/') ? 'admin:repo_hook' : 'admin:org_hook';
  const explanation = EXPLANATIONS[String(status)]?.(scope);
  if (explanation !== undefined)
    return new Error(`${host} answers ${status} for the webhooks of ${of}: ${explanation}`, { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}

const EXPLANATIONS: Readonly<Record<string, (scope: string) => string>> = {
  '401': () => 'it does not take the token; set a valid one with "hookline secret set"',
  '403': (scope) => `the token may not see them; it needs the scope ${scope}`,
  '404': (scope) => `either there is no such thing, or the token lacks the scope ${scope}`,
};
