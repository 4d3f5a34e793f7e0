import { permissionOf } from '../permissions.ts';
import type { PullRequest } from '../pulls/store.ts';
import { DEFAULT_BRANCH, type Repositories, type Repository } from '../repositories.ts';
import { nodeOf, numberOf } from './ids.ts';
import { repositoryPayload } from './repository.ts';
import { type Addresses, userPayload } from './user.ts';

/** What payloads of pull requests are made of. */
export interface PullPayloadParts {
  readonly repositories: Repositories;
  readonly addresses: () => Addresses;
}

export const pullId = ({ fullName }: Repository, number: number): number =>
  numberOf('pull request', `${fullName} ${number}`);

/** A pull request in GitHub's shape. */
export function pullPayload(parts: PullPayloadParts, base: Repository, request: PullRequest) {
  const { number, title, body, login, draft, state, head, labels, comments } = request;
  const addresses = parts.addresses();
  const id = pullId(base, number);
  const mergeable = state === 'open' ? request.mergeCommit !== null : null;
  return {
    id,
    node_id: nodeOf('PullRequest', id),
    number,
    state,
    locked: false,
    title,
    user: userPayload(login, addresses),
    body,
    created_at: request.createdAt,
    updated_at: request.updatedAt,
    closed_at: request.closedAt,
    merged_at: request.mergedAt,
    merge_commit_sha: request.mergeCommit,
    labels: labels.map((label) => labelPayload(base, label, addresses)),
    ...NOT_OFFERED,
    ...links(base, request, addresses),
    head: sidePayload(parts, namedRepository(parts, head.repository), head),
    base: { ...sidePayload(parts, base, request.base), repo: payloadOf(parts, base) },
    author_association: associationOf(base, login),
    draft,
    merged: request.mergedAt !== null,
    mergeable,
    mergeable_state: mergeable === null ? 'unknown' : mergeable ? 'clean' : 'dirty',
    merged_by: request.mergedBy === null ? null : userPayload(request.mergedBy, addresses),
    comments: comments.length,
  };
}

export function labelPayload({ fullName }: Repository, name: string, { api }: Addresses) {
  const id = numberOf('label', `${fullName} ${name}`);
  const url = `${api}/repos/${fullName}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: nodeOf('Label', id), url, name, color: 'ededed', default: false, description: null };
}

/** How GitHub calls somebody's place in a repository. */
export function associationOf(base: Repository, login: string): 'OWNER' | 'COLLABORATOR' | 'NONE' {
  if (login === base.owner) return 'OWNER';
  return permissionOf(base, login) === 'read' ? 'NONE' : 'COLLABORATOR';
}

function sidePayload(
  parts: PullPayloadParts,
  repository: Repository | undefined,
  { ref, sha }: { readonly ref: string; readonly sha: string },
) {
  const owner = repository?.owner ?? 'unknown';
  return {
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userPayload(owner, parts.addresses()),
    repo: repository ? payloadOf(parts, repository) : null,
  };
}

function payloadOf({ repositories, addresses }: PullPayloadParts, repository: Repository) {
  const payload = repositoryPayload(repository, repositories.times(repository), DEFAULT_BRANCH, addresses());
  return { ...payload, fork: repositories.parentOf(repository) !== undefined };
}

function namedRepository({ repositories }: PullPayloadParts, fullName: string): Repository | undefined {
  const [owner = '', name = ''] = fullName.split('/');
  return repositories.find(owner, name);
}

function links({ fullName }: Repository, { number, head }: PullRequest, { html, api }: Addresses) {
  const page = `${html}/${fullName}/pull/${number}`;
  const url = `${api}/repos/${fullName}/pulls/${number}`;
  const issue = `${api}/repos/${fullName}/issues/${number}`;
  const urls = {
    comments_url: `${issue}/comments`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/repos/${fullName}/pulls/comments{/number}`,
    commits_url: `${url}/commits`,
    statuses_url: `${api}/repos/${fullName}/statuses/${head.sha}`,
  };
  return {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    ...urls,
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issue },
      comments: { href: urls.comments_url },
      review_comments: { href: urls.review_comments_url },
      review_comment: { href: urls.review_comment_url },
      commits: { href: urls.commits_url },
      statuses: { href: urls.statuses_url },
    },
  };
}

// GitHub offers these beside git, and this host does not.
const NOT_OFFERED = {
  assignee: null,
  assignees: [],
  requested_reviewers: [],
  requested_teams: [],
  milestone: null,
  auto_merge: null,
  active_lock_reason: null,
  rebaseable: null,
  review_comments: 0,
  maintainer_can_modify: false,
  commits: 0,
  additions: 0,
  deletions: 0,
  changed_files: 0,
};
