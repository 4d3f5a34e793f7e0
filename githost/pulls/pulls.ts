import type { Git } from '../git.ts';
import type { KeyedQueue } from '../keyed-queue.ts';
import type { Addresses } from '../payload/user.ts';
import type { Repositories, Repository } from '../repositories.ts';
import type { Dispatcher } from '../webhook/dispatcher.ts';
import type { Hooks } from '../webhook/hooks.ts';
import type { ForRef } from './for-ref.ts';
import type { PullComment, PullRequest } from './store.ts';

/** What an event says beside the request itself. */
interface Detail {
  /** the head that a `synchronize` has replaced */
  readonly before?: string;
  readonly label?: string;
}

/** Sends the events of pull requests to the hooks; each resolves when they are on disk. */
export interface Teller {
  /** a `pull_request` event */
  request(
    base: Repository,
    request: PullRequest,
    action: string,
    login: string,
    detail?: Detail,
  ): Promise<void>;
  /** an `issue_comment` event: GitHub calls the comments of a request so too */
  comment(
    base: Repository,
    request: PullRequest,
    comment: PullComment,
    action: string,
    login: string,
  ): Promise<void>;
}

export interface PullParts {
  readonly git: Git;
  readonly repositories: Repositories;
  readonly hooks: Hooks;
  readonly dispatcher: Dispatcher;
  readonly addresses: () => Addresses;
  /** one change of a repository's requests at a time; whoever waits for a push as well waits for that first */
  readonly queue: KeyedQueue;
}

/** The pull requests of the host. */
export interface Pulls {
  readonly tell: Teller;
  /** runs a change of a repository's requests in its turn */
  inTurn<T>(repository: Repository, work: () => Promise<T>): Promise<T>;
  find(repository: Repository, number: number): PullRequest | undefined;
  /** brings the requests up to what branches of a repository are at, and tells of what that changed */
  pushed(repository: Repository, login: string): Promise<void>;
  /** opens what a push has asked for, unless it is open already */
  asked(repository: Repository, wanted: readonly ForRef[], login: string): Promise<void>;
}
