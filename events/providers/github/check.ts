import * as z from 'zod';
import { statusOf } from '../../http-status.ts';
import type { CommitStatus, WriteCheck } from '../../provider.ts';
import { retryingClientOf } from './client.ts';

// https://docs.github.com/en/rest/checks/runs: the most that GitHub takes of a summary.
const MAX_SUMMARY = 65_535;
const MAX_TITLE = 255;

const runSchema = z.looseObject({
  id: z.number(),
  status: z.string(),
  app: z.looseObject({ id: z.number().transform(String), client_id: z.string().nullish() }).nullish(),
});
const runsSchema = z.looseObject({ check_runs: z.array(runSchema) });

interface RunQuery {
  readonly owner: string;
  readonly repo: string;
  readonly ref: string;
  readonly check_name: string;
  readonly request: object;
}

type Client = ReturnType<typeof retryingClientOf>;

/**
 * Writes the check run of this name and commit, in up to three attempts of each request, of which none begins after 20 s: the
 * App's newest is brought up to date, and one that was completed is followed by a new one when it runs again.
 * @throws an error that is no refusal by the host
 */
export const writeCheck: WriteCheck = async (api, app, status) => {
  const [owner = '', ...name] = status.repository.split('/');
  const of = { owner, repo: name.join('/') };
  const request = { signal: AbortSignal.timeout(20_000) };
  const client = retryingClientOf(api);
  const wanted = { ...of, ...wantedRun(status), request };
  try {
    const held = await newestRun(client, app, {
      ...of,
      ref: status.commit,
      check_name: status.context,
      request,
    });
    if (held && (held.status !== 'completed' || status.state !== 'pending'))
      await client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
        ...wanted,
        check_run_id: held.id,
      });
    else
      await client.request('POST /repos/{owner}/{repo}/check-runs', {
        ...wanted,
        name: status.context,
        head_sha: status.commit,
      });
    return { status: 'written', reason: '' };
  } catch (error) {
    const code = statusOf(error);
    if (![401, 403, 404, 422].includes(code)) throw error;
    const words = error instanceof Error ? error.message : '';
    return {
      status: 'refused',
      reason: `${api.host} answered ${code} for a check run of ${status.repository}: ${words}; see that the App ${app} has the permission "Checks": write there`,
    };
  }
};

/** Two Apps may have check runs of one name: only the App's own may be changed. */
async function newestRun(client: Client, app: string, query: RunQuery) {
  const { data } = await client.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ...query,
    filter: 'latest',
    per_page: 100,
  });
  return runsSchema
    .parse(data)
    .check_runs.filter((run) => run.app?.id === app || run.app?.client_id === app)
    .toSorted((one, other) => other.id - one.id)[0];
}

function wantedRun({ state, description, summary, targetUrl }: CommitStatus): object {
  return {
    details_url: targetUrl,
    ...(state === 'pending'
      ? { status: 'in_progress' as const }
      : { status: 'completed' as const, conclusion: state }),
    output: {
      title: description.slice(0, MAX_TITLE),
      summary: (summary ?? description).slice(0, MAX_SUMMARY),
    },
  };
}
