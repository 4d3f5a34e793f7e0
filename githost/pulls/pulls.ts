import type { Git } from '../git.ts';
import type { KeyedQueue } from '../keyed-queue.ts';
import type { Addresses } from '../payload/user.ts';
import type { Repositories, Repository } from '../repositories.ts';
import type { Dispatcher } from '../webhook/dispatcher.ts';
import type { Hooks } from '../webhook/hooks.ts';
import type { ForRef } from './for-ref.ts';
import type { PullEvent, PullRequest } from './store.ts';

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
  /** saves a request in its turn, and tells of the change; what is left untold on the way is told later */
  save(
    repository: Repository,
    request: PullRequest,
    events: readonly Omit<PullEvent, 'number'>[],
  ): Promise<void>;
  /** tells of changes that an end of the process, or a full disk, came after */
  tellRest(repository: Repository): Promise<void>;
  /** runs a change of a repository's requests in its turn */
  inTurn<T>(repository: Repository, work: () => Promise<T>): Promise<T>;
  find(repository: Repository, number: number): PullRequest | undefined;
  /** brings the requests up to what branches of a repository are at, and tells of what that changed */
  pushed(repository: Repository, login: string): Promise<void>;
  /** opens what a push has asked for, unless it is open already */
  asked(repository: Repository, wanted: readonly ForRef[], login: string): Promise<void>;
}
