import * as z from 'zod';
import type { RequestAccess, TokenResult } from '../../administration.ts';
import type { HostApi } from '../../provider.ts';
import { clientOf } from './client.ts';

// A host that takes longer is as good as away.
const TIMEOUT_MS = 5000;

const userSchema = z.looseObject({ login: z.string() });
const requestsSchema = z.array(z.looseObject({ user: userSchema.nullish() }));

/** Tries the two calls that a rule for requests makes: whether the token may read requests, and what somebody may do. */
export const checkRequestAccess: RequestAccess = async (api, repository, { approvals }) => {
  const list = await ask(api, `/repos/${repository}/pulls?state=all&per_page=1`);
  if (list.status !== 200) return refused(api, `the pull requests of ${repository}`, list.status);
  const readable = `the token may read the pull requests of ${repository}`;
  if (!approvals) return ok(readable);
  const login = requestsSchema.parse(list.data)[0]?.user?.login ?? (await ownLogin(api));
  const asked = login && `/repos/${repository}/collaborators/${encodeURIComponent(login)}/permission`;
  const { status } = asked ? await ask(api, asked) : { status: 404 };
  if (status === 200) return ok(`${readable}, and who may write there`);
  // The host knows nobody of that name there, which says nothing of the token.
  if (status === 404)
    return warning(
      `${readable}; whether it may read who may write cannot be tried before there is a request`,
      'open a pull request, and run this again',
    );
  return refused(api, `who may write to ${repository}`, status);
};

async function ask(api: HostApi, path: string): Promise<{ status: number; data?: unknown }> {
  try {
    return await clientOf(api, TIMEOUT_MS).request(`GET ${path}`);
  } catch (error) {
    const response = error instanceof Error && 'response' in error ? error.response : undefined;
    const { status } = z.looseObject({ status: z.number() }).catch({ status: 0 }).parse(response);
    if (status === 0) throw error;
    return { status };
  }
}

/** Whose token it is; undefined for a token of an app, which is nobody's. */
async function ownLogin(api: HostApi): Promise<string | undefined> {
  const { data } = await ask(api, '/user');
  return userSchema.safeParse(data).data?.login;
}

const refused = ({ host, url }: HostApi, what: string, status: number): TokenResult => ({
  result: 'failed',
  message: `${url} answers ${status} to the question for ${what}`,
  advice: `see that the repository is there, and give ${host} the token of a user who may push to it: a classic one with the scope repo, or a fine-grained one with "Pull requests": read and "Metadata": read, by "hookline secret set ${host} token"`,
});
const ok = (message: string): TokenResult => ({ result: 'ok', message });
const warning = (message: string, advice: string): TokenResult => ({ result: 'warning', message, advice });
