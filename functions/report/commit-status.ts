import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { readHost } from '../shared/hosts.ts';
import { credential } from '../shared/secrets.ts';

export type StatusState = 'pending' | 'success' | 'failure';

export interface CommitStatus {
  readonly host: string;
  readonly repository: string;
  readonly commit: string;
  readonly state: StatusState;
  readonly description: string;
  /** names the check: one per rule */
  readonly context: string;
  readonly targetUrl: string;
}

export interface Written {
  readonly status: 'written' | 'refused';
  readonly reason: string;
}

// GitHub refuses a longer one.
const MAX_DESCRIPTION = 140;
const Client = Octokit.plugin(retry);

/** Writes a commit status; a host that refuses it is an answer and no error. */
export async function writeStatus(wanted: CommitStatus): Promise<Written> {
  const { host, repository, commit, state, description, context, targetUrl } = wanted;
  const [owner = '', ...name] = repository.split('/');
  try {
    const [{ api }, { token }] = await Promise.all([readHost(host), credential(host)]);
    if (!token) return refused(`no token for ${host}: add one to the credentials secret`);
    const client = new Client({
      auth: token,
      baseUrl: api,
      retry: { retries: 2 },
      request: { timeout: 8000 },
    });
    await client.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      owner,
      repo: name.join('/'),
      sha: commit,
      state,
      context,
      description: description.slice(0, MAX_DESCRIPTION),
      target_url: targetUrl,
      request: { signal: AbortSignal.timeout(20_000) },
    });
    return { status: 'written', reason: '' };
  } catch (error) {
    return refused(explained(error, wanted));
  }
}

const refused = (reason: string): Written => ({ status: 'refused', reason });

function explained(error: unknown, { host, repository }: CommitStatus): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 404 || status === 403)
    return `${host} answered ${status} for ${repository}: the token must be allowed to write commit statuses there (scope repo:status, or the permission "Commit statuses": write)`;
  if (status === 401) return `${host} does not take the token of the credentials secret: give it a valid one`;
  return `${host} did not take the commit status of ${repository}: ${message}`;
}
