interface Named {
  readonly host: string;
  readonly repository: string;
}

/** The address of a repository's page: its host and its name are parts of the path. */
export const addressOfRepository = ({ host, repository }: Named): string =>
  `/repositories/${[host, ...repository.split('/')].map(encodeURIComponent).join('/')}`;

/** The repository of an address; undefined for an address of another page. */
export function repositoryAt(pathname: string): Named | undefined {
  const [, host, name] = /^\/repositories\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
  if (host === undefined || name === undefined) return undefined;
  return { host: decodeURIComponent(host), repository: decodeURIComponent(name) };
}
