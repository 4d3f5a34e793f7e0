import { nodeOf, numberOf } from './ids.ts';

/** The addresses of the host's pages and of its API. */
export interface Addresses {
  /** no slash at its end */
  readonly html: string;
  readonly api: string;
  readonly hostName: string;
}

/** The address that stands for a login; it takes no mail. */
export const emailOf = (login: string, { hostName }: Addresses): string =>
  `${login}@users.noreply.${hostName}`;

/** A user in GitHub's shape. */
export function userPayload(login: string, { html, api }: Addresses) {
  const id = numberOf('user', login);
  const name = encodeURIComponent(login);
  const url = `${api}/users/${name}`;
  return {
    login,
    id,
    node_id: nodeOf('User', id),
    avatar_url: '',
    gravatar_id: '',
    url,
    html_url: `${html}/${name}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'User' as const,
    site_admin: false,
  };
}
