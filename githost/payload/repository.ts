import type { Repository, RepositoryTimes } from '../repositories.ts';
import { nodeOf, numberOf } from './ids.ts';
import { type Addresses, emailOf, userPayload } from './user.ts';

export const repositoryId = ({ fullName }: Repository): number => numberOf('repository', fullName);

/** A repository in GitHub's shape; times as ISO strings, as the REST API has them. */
export function repositoryPayload(
  repository: Repository,
  { createdAt, pushedAt }: RepositoryTimes,
  defaultBranch: string,
  addresses: Addresses,
) {
  const { owner, name, fullName } = repository;
  const id = repositoryId(repository);
  const html = `${addresses.html}/${fullName}`;
  return {
    id,
    node_id: nodeOf('Repository', id),
    name,
    full_name: fullName,
    private: true,
    owner: { ...userPayload(owner, addresses), name: owner, email: emailOf(owner, addresses) },
    html_url: html,
    description: null,
    fork: false,
    ...links(`${addresses.api}/repos/${fullName}`),
    created_at: createdAt,
    updated_at: pushedAt ?? createdAt,
    pushed_at: pushedAt,
    git_url: `git://${addresses.hostName}/${fullName}.git`,
    ssh_url: `git@${addresses.hostName}:${fullName}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    language: null,
    mirror_url: null,
    license: null,
    ...NOT_OFFERED,
    topics: [] as string[],
    visibility: 'private' as const,
    default_branch: defaultBranch,
    custom_properties: {},
  };
}

/** In a push event, and only there, GitHub writes two of the times as epoch seconds. */
export function pushedRepository(repository: ReturnType<typeof repositoryPayload>) {
  const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1000);
  return {
    ...repository,
    created_at: seconds(repository.created_at),
    pushed_at: seconds(repository.pushed_at ?? repository.created_at),
    stargazers: 0,
    master_branch: repository.default_branch,
  };
}

// GitHub offers these beside git, and this host does not.
const NOT_OFFERED = {
  size: 0,
  stargazers_count: 0,
  watchers_count: 0,
  has_issues: false,
  has_projects: false,
  has_downloads: false,
  has_wiki: false,
  has_pages: false,
  has_discussions: false,
  forks_count: 0,
  archived: false,
  disabled: false,
  open_issues_count: 0,
  allow_forking: false,
  is_template: false,
  web_commit_signoff_required: false,
  forks: 0,
  open_issues: 0,
  watchers: 0,
};

function links(url: string) {
  return {
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  };
}
