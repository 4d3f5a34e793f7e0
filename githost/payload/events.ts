import type { PushedCommit } from '../push/commits.ts';
import { type RefChange, ZERO } from '../push/refs.ts';
import { pushedRepository, type repositoryPayload } from './repository.ts';
import { type Addresses, emailOf, userPayload } from './user.ts';

/** The members that every event of one push has in common. */
export interface PushContext {
  readonly repository: ReturnType<typeof repositoryPayload>;
  /** the login of the user who pushed */
  readonly login: string;
  readonly addresses: Addresses;
}

/** The members of a push event beside the ref's two ends. */
export interface PushDetail {
  readonly forced: boolean;
  readonly baseRef: string | null;
  readonly commits: PushedCommit[];
  readonly head: PushedCommit | null;
}

export function pushPayload(
  { ref, shortName, before, after }: RefChange,
  detail: PushDetail,
  context: PushContext,
) {
  const { repository, login, addresses } = context;
  const range = before === ZERO ? shortName : `${before.slice(0, 12)}...${after.slice(0, 12)}`;
  return {
    ref,
    before,
    after,
    repository: pushedRepository(repository),
    pusher: { name: login, email: emailOf(login, addresses) },
    sender: userPayload(login, addresses),
    created: before === ZERO,
    deleted: after === ZERO,
    forced: detail.forced,
    base_ref: detail.baseRef,
    compare: `${repository.html_url}/compare/${range}`,
    commits: detail.commits,
    head_commit: detail.head,
  };
}

export function createPayload({ shortName, kind }: RefChange, context: PushContext) {
  const { repository, login, addresses } = context;
  return {
    ref: shortName,
    ref_type: kind,
    master_branch: repository.default_branch,
    description: repository.description,
    pusher_type: 'user',
    repository,
    sender: userPayload(login, addresses),
  };
}

export function deletePayload({ shortName, kind }: RefChange, context: PushContext) {
  const { repository, login, addresses } = context;
  return {
    ref: shortName,
    ref_type: kind,
    pusher_type: 'user',
    repository,
    sender: userPayload(login, addresses),
  };
}
