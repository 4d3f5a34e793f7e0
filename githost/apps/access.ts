/** `read` or `write` by the name of a permission of GitHub. */
export type Permissions = Readonly<Record<string, string>>;

/** What a token of an App may do. */
export interface Access {
  readonly app: { readonly id: number; readonly slug: string };
  readonly owner: string;
  /** the names of the repositories; undefined for all of the owner's */
  readonly repositories: readonly string[] | undefined;
  readonly permissions: Permissions;
}

/** Whether a token is for a repository at all. */
export function isFor({ owner, repositories }: Access, repository: { owner: string; name: string }): boolean {
  return owner === repository.owner && (repositories?.includes(repository.name) ?? true);
}

export function allows({ permissions }: Pick<Access, 'permissions'>, name: string, access: string): boolean {
  return permissions[name] === access || permissions[name] === 'write';
}

/** The permission that a request to a repository's API needs, by the path below the repository: the first that fits. */
const NEEDED: readonly (readonly [path: RegExp, permission: string])[] = [
  [/^\/(statuses|commits\/.+\/statuses)/, 'statuses'],
  [/^\/(check-runs|commits\/.+\/check-runs)/, 'checks'],
  [/^\/pulls/, 'pull_requests'],
  [/^\/issues/, 'issues'],
  [/^\/hooks/, 'repository_hooks'],
  [/^\/branches/, 'contents'],
  [/^(\/collaborators\/[^/]+\/permission)?$/, 'metadata'],
];

/** The answer to a request of the API that a token may not make; undefined for one that it may. */
export function refusalOf(access: Access, method: string, path: string): 403 | 404 | undefined {
  const reads = method === 'GET';
  const [, org] = /^\/orgs\/([^/]+)\/hooks/.exec(path) ?? [];
  if (org !== undefined)
    return org === access.owner && allows(access, 'organization_hooks', reads ? 'read' : 'write')
      ? undefined
      : 403;
  const [, owner, name, rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(.*)$/.exec(path) ?? [];
  if (path === '/rate_limit') return undefined;
  if (owner === undefined || name === undefined) return 403;
  if (!isFor(access, { owner, name })) return 404;
  const [, permission] = NEEDED.find(([of]) => of.test(rest)) ?? [];
  if (permission === 'metadata') return reads ? undefined : 403;
  return permission !== undefined && allows(access, permission, reads ? 'read' : 'write') ? undefined : 403;
}
