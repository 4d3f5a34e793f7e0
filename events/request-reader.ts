import type { HostApi } from './provider.ts';
import type { PullRequest } from './pull-request.ts';

/** A host that does not answer this token: another token would change that, and another try would not. */
export class HostRefused extends Error {
  constructor(
    readonly status: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A pull request as its host has it now. */
export interface HostRequest {
  readonly open: boolean;
  /** whether head and base can be merged; undefined while the host has not found out, and for a closed request */
  readonly mergeable: boolean | undefined;
  readonly pullRequest: Omit<PullRequest, 'action'>;
  /** the host's own answer, as a payload's `pull_request` */
  readonly raw: unknown;
}

/** Asks a host about its pull requests. @throws HostRefused, HostUntrusted, and whatever a host that is away makes fail */
export interface RequestReader {
  read(api: HostApi, repository: string, number: number): Promise<HostRequest>;
  /** whether a user may push to a repository */
  mayWrite(api: HostApi, repository: string, login: string): Promise<boolean>;
}
