import { statusOf } from '../../http-status.ts';
import type { HostApi, WriteStatus } from '../../provider.ts';
import { retryingClientOf } from './client.ts';

// GitHub refuses a longer one.
const MAX_DESCRIPTION = 140;

/** Writes a commit status, in up to three attempts, of which none begins after 20 s. @throws an error that is no refusal by the host */
export const writeStatus: WriteStatus = async (api, status) => {
  const { repository, commit, state, description, context, targetUrl } = status;
  const [owner = '', ...name] = repository.split('/');
  const client = retryingClientOf(api);
  try {
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
    const reason = refusal(error, api, repository);
    if (reason === undefined) throw error;
    return { status: 'refused', reason };
  }
};

function refusal(error: unknown, { host }: HostApi, repository: string): string | undefined {
  const status = statusOf(error);
  if (status === 404 || status === 403)
    return `${host} answered ${status} for ${repository}: the token must be allowed to write commit statuses there (scope repo:status, or the permission "Commit statuses": write)`;
  if (status === 401) return `${host} does not take the token of the credentials secret: give it a valid one`;
  return undefined;
}
