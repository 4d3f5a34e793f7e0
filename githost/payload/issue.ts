import type { PullComment, PullRequest } from '../pulls/store.ts';
import type { Repository } from '../repositories.ts';
import { nodeOf, numberOf } from './ids.ts';
import { associationOf, labelPayload, type PullPayloadParts, pullPayload } from './pull.ts';
import { userPayload } from './user.ts';

/** A pull request as the issue that it is to GitHub's comments and labels. */
export function issuePayload(parts: PullPayloadParts, base: Repository, request: PullRequest) {
  const pull = pullPayload(parts, base, request);
  const addresses = parts.addresses();
  const id = numberOf('issue', `${base.fullName} ${request.number}`);
  return {
    url: pull.issue_url,
    repository_url: `${addresses.api}/repos/${base.fullName}`,
    labels_url: `${pull.issue_url}/labels{/name}`,
    comments_url: pull.comments_url,
    events_url: `${pull.issue_url}/events`,
    html_url: pull.html_url,
    id,
    node_id: nodeOf('Issue', id),
    number: request.number,
    title: request.title,
    user: pull.user,
    labels: request.labels.map((label) => labelPayload(base, label, addresses)),
    state: request.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: request.comments.length,
    created_at: request.createdAt,
    updated_at: request.updatedAt,
    closed_at: request.closedAt,
    author_association: pull.author_association,
    active_lock_reason: null,
    draft: request.draft,
    pull_request: {
      url: pull.url,
      html_url: pull.html_url,
      diff_url: pull.diff_url,
      patch_url: pull.patch_url,
      merged_at: request.mergedAt,
    },
    body: request.body,
    reactions: reactions(pull.issue_url),
  };
}

/** A comment on a pull request. */
export function commentPayload(
  parts: PullPayloadParts,
  base: Repository,
  { number }: PullRequest,
  { id, login, body, createdAt, updatedAt }: PullComment,
) {
  const addresses = parts.addresses();
  const api = `${addresses.api}/repos/${base.fullName}`;
  const url = `${api}/issues/comments/${id}`;
  return {
    url,
    html_url: `${addresses.html}/${base.fullName}/pull/${number}#issuecomment-${id}`,
    issue_url: `${api}/issues/${number}`,
    id,
    node_id: nodeOf('IssueComment', id),
    user: userPayload(login, addresses),
    created_at: createdAt,
    updated_at: updatedAt,
    author_association: associationOf(base, login),
    body,
    reactions: reactions(url),
    performed_via_github_app: null,
  };
}

/** Nobody reacts on this host. */
function reactions(url: string) {
  const none = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, total_count: 0, ...none };
}
