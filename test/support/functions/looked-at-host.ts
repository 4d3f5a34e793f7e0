import { type Answer, type Asked, startAnsweringApi } from '../api-answers.ts';

/** A webhook of a repository or an organisation, and its deliveries, the newest first. */
export interface HookThere {
  readonly id: number;
  readonly url: string;
  readonly active?: boolean;
  readonly deliveries?: readonly object[];
}

/** A git host as Reconcile looks at it: over smart HTTP and the REST API, each host's name a first segment of the path. */
export interface LookedAtHost {
  /** settings of hosts, as the parameter has them */
  named(...names: readonly string[]): Record<string, object>;
  readonly asked: readonly Asked[];
  /** by `owner/name`: the lines of its advertisement after the service's own, `id ref` */
  refs: Record<string, readonly string[]>;
  /** by repository or organisation; 404 for every other */
  hooks: Record<string, readonly HookThere[]>;
  /** answered in place of all this, where there is something */
  instead: (asked: Asked) => Answer | undefined;
  /** nothing is there any more, and nothing was asked */
  forget(): void;
  forgetAsked(): void;
  close(): Promise<void>;
}

const packet = (text: string): string =>
  `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;

/** What a host answers who is asked for the refs of a repository. */
export const advertisement = (lines: readonly string[]): string =>
  `${packet('# service=git-upload-pack\n')}0000${lines.map((line) => packet(`${line}\n`)).join('')}0000`;

export async function startLookedAtHost(): Promise<LookedAtHost> {
  const api = await startAnsweringApi();
  const answer = ({ method, path }: Asked): Answer => {
    const [, route = ''] = /^\/[^/]+\/(?:api\/v3\/)?([^?]*)/.exec(path) ?? [];
    const [, repository = ''] = /^(.*)\.git\/info\/refs$/.exec(route) ?? [];
    if (repository) {
      const lines = host.refs[repository];
      return lines ? { body: advertisement(lines) } : { status: 404 };
    }
    const [, described] = /^repos\/([^/]+\/[^/]+)$/.exec(route) ?? [];
    if (described) return { body: { full_name: described, default_branch: 'main', pushed_at: 'never' } };
    const [, of = '', id, redelivered] =
      /^(?:repos|orgs)\/(.+?)\/hooks(?:\/(\d+)\/deliveries(?:\/(.+)\/attempts)?)?$/.exec(route) ?? [];
    const hooks = host.hooks[of];
    if (!hooks) return { status: 404, body: { message: 'Not Found' } };
    if (redelivered) return { status: method === 'POST' ? 202 : 405 };
    if (id) return { body: hooks.find((each) => String(each.id) === id)?.deliveries ?? [] };
    return { body: hooks.map(({ id, url, active = true }) => ({ id, active, config: { url } })) };
  };
  const host: LookedAtHost = {
    named: (...names) =>
      Object.fromEntries(
        names.map((name) => {
          const url = `${api.url}/${name}`;
          return [name, { provider: 'github', url, api: `${url}/api/v3`, credentialSecret: 'credentials' }];
        }),
      ),
    asked: api.asked,
    refs: {},
    hooks: {},
    instead: () => undefined,
    forget: () => {
      Object.assign(host, { refs: {}, hooks: {}, instead: () => undefined });
      host.forgetAsked();
    },
    forgetAsked: () => api.answer((asked) => host.instead(asked) ?? answer(asked)),
    close: api.close,
  };
  host.forget();
  return host;
}
