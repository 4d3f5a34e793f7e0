import * as z from 'zod';
import { statusOf } from '../../http-status.ts';
import type { HostApi } from '../../provider.ts';
import { HostRefused, type RequestReader } from '../../request-reader.ts';
import { retryingClientOf } from './client.ts';

const requestSchema = z.looseObject({
  number: z.number(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  mergeable: z.boolean().nullish(),
  head: z.looseObject({
    ref: z.string(),
    sha: z.string(),
    repo: z.looseObject({ full_name: z.string() }).nullish(),
  }),
  base: z.looseObject({ ref: z.string() }),
});

const permissionSchema = z.looseObject({ permission: z.string() });

// `maintain` is a role whose permission GitHub calls `write`; a server of another version may say it.
const MAY_WRITE = ['admin', 'maintain', 'write'];

/** Asks GitHub, in three attempts within 20 s. @throws HostRefused for an answer that a token would change */
export const requestReader: RequestReader = {
  read: async (api, repository, number) => {
    const data = await get(api, `/repos/${repository}/pulls/${number}`);
    const { head, base, ...request } = requestSchema.parse(data);
    const from = head.repo?.full_name;
    return {
      open: request.state === 'open',
      mergeable: request.mergeable ?? undefined,
      raw: data,
      pullRequest: {
        number: request.number,
        draft: request.draft ?? false,
        merged: request.merged ?? false,
        fork: from !== repository,
        head: { ref: head.ref, commit: head.sha, ...(from === undefined ? {} : { repository: from }) },
        base: base.ref,
      },
    };
  },
  mayWrite: async (api, repository, login) => {
    const path = `/repos/${repository}/collaborators/${encodeURIComponent(login)}/permission`;
    try {
      return MAY_WRITE.includes(permissionSchema.parse(await get(api, path)).permission);
    } catch (error) {
      // The host knows nobody of this name, or nobody who has to do with the repository.
      if (error instanceof HostRefused && error.status === 404) return false;
      throw error;
    }
  },
};

async function get(api: HostApi, path: string): Promise<unknown> {
  const client = retryingClientOf(api);
  try {
    const { data } = await client.request(`GET ${path}`, {
      request: { signal: AbortSignal.timeout(20_000) },
    });
    return data;
  } catch (error) {
    const status = statusOf(error);
    if (![401, 403, 404].includes(status)) throw error;
    throw new HostRefused(
      status,
      `${api.host} answered ${status} for ${path}: the token of the credentials secret must be valid, and allowed to read the pull requests and the collaborators of the repository`,
      { cause: error },
    );
  }
}
