import { errors, HooklineError } from '../shared/errors.ts';
import type { Git, Repo } from './git.ts';
import { type Access, type Remote, unconfiguredRemote } from './remote.ts';
import type { SubmoduleBounds } from './submodule-bounds.ts';

export interface Submodule {
  /** from the root of its parent */
  readonly path: string;
  readonly commit: string;
  readonly remote: Remote;
}

/** A commit whose submodules are looked for. */
export interface Parent {
  readonly access: Access;
  readonly bounds: SubmoduleBounds;
  readonly parent: Remote;
  readonly commit: string;
  /** 0 for the delivered repository, 1 for a submodule of its own */
  readonly depth: number;
}

/**
 * The submodules of a commit, each with the way to it. None for a commit without `.gitmodules`, as git has it.
 * Throws `SubmoduleNotAllowed` and `SubmoduleLimit` before anything of them is fetched.
 */
export async function submodulesOf(git: Git, repo: Repo, parent: Parent): Promise<readonly Submodule[]> {
  const { bounds, depth, commit } = parent;
  const submodules = await listed(git, repo, parent);
  bounds.count(submodules.length, depth + 1, commit);
  return submodules;
}

async function listed(
  git: Git,
  repo: Repo,
  { access, bounds, parent, commit }: Parent,
): Promise<readonly Submodule[]> {
  const file = await git.run(['ls-tree', '-z', '--end-of-options', commit, '.gitmodules'], { repo });
  if (!file) return [];
  const settings = await settingsByPath(git, repo, commit);
  const entries = (await git.run(['ls-tree', '-r', '-z', '--end-of-options', commit], { repo })).split('\0');
  return entries.flatMap((entry) => {
    const found = /^160000 commit ([0-9a-f]+)\t(.+)/s.exec(entry);
    const [id, path] = [found?.[1], found?.[2]];
    if (!id || !path) return [];
    if (path.includes('\u{fffd}'))
      throw new HooklineError(
        errors.pullFailed,
        `the path of submodule ${JSON.stringify(path)} is not UTF-8; rename it, or set \`submodules: false\``,
      );
    const { url, update } = settings.get(path) ?? {};
    if (update === 'none') return [];
    if (url) return [{ path, commit: id, remote: remoteOf({ access, bounds, parent }, path, url) }];
    throw new HooklineError(
      errors.pullFailed,
      `submodule ${JSON.stringify(path)} has no url in .gitmodules; add it, or remove the entry`,
    );
  });
}

/** What `.gitmodules` says of each path. git leaves out those whose `update` is `none`. */
async function settingsByPath(
  git: Git,
  repo: Repo,
  commit: string,
): Promise<ReadonlyMap<string | undefined, { url?: string; update?: string }>> {
  const listed = await git.run(['config', '--blob', `${commit}:.gitmodules`, '--null', '--list'], { repo });
  const byName = new Map<string, { path?: string; url?: string; update?: string }>();
  for (const pair of listed.split('\0')) {
    const found = /^submodule\.(.+)\.(path|url|update)\n(.*)/s.exec(pair);
    const [name, member, value] = [found?.[1], found?.[2], found?.[3]];
    if (name && member) byName.set(name, { ...byName.get(name), [member]: value });
  }
  return new Map([...byName.values()].map((settings) => [settings.path, settings]));
}

/**
 * The way to a submodule: a repository of the configured host gets its credential and transport, whatever form of
 * the host's address `.gitmodules` has; any other host that the rule names gets HTTPS and nothing else.
 */
function remoteOf(
  { access, bounds, parent }: Pick<Parent, 'access' | 'bounds' | 'parent'>,
  path: string,
  url: string,
): Remote {
  const absolute = /^\.\.?\//.test(url) ? new URL(url, `${parent.url}/`).href : url;
  const fullName = pathOnOwnHost(access, absolute);
  if (fullName === undefined) {
    const elsewhere = unconfiguredRemote(absolute);
    bounds.checkElsewhere(path, elsewhere.url);
    return elsewhere;
  }
  // first its form: no segment of a name is a step up
  const remote = access.remote(fullName);
  bounds.check(path, fullName);
  return remote;
}

/** `owner/name` when the URL leads to the configured host. */
function pathOnOwnHost({ host }: Access, url: string): string | undefined {
  const web = new URL(host.url);
  const ssh = new URL(host.ssh);
  const scp = /^(?:[^@/\s]+@)?([^:/\s]+):(?!\/\/)(.+)$/.exec(url);
  if (scp?.[1] && scp[2])
    return [web.hostname, ssh.hostname].includes(scp[1].toLowerCase())
      ? fullNameBelow(ssh, scp[2])
      : undefined;
  if (!URL.canParse(url)) return undefined;
  const { protocol, host: authority, hostname, pathname } = new URL(url);
  if (/^https?:/.test(protocol)) return authority === web.host ? fullNameBelow(web, pathname) : undefined;
  if (protocol === 'git:') return hostname === web.hostname ? fullNameBelow(web, pathname) : undefined;
  return protocol === 'ssh:' && [web.hostname, ssh.hostname].includes(hostname)
    ? fullNameBelow(ssh, pathname)
    : undefined;
}

/** A repository's full name from its path, without the path at which the host's repositories begin. */
function fullNameBelow(base: URL, pathname: string): string {
  const path = `/${pathname.replace(/^\/+/, '')}`.replace(/\/+$/, '').replace(/\.git$/, '');
  const start = base.pathname.replace(/\/$/, '');
  return (path.startsWith(`${start}/`) ? path.slice(start.length) : path).slice(1);
}
