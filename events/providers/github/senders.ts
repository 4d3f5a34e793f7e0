import { Octokit } from '@octokit/core';
import * as z from 'zod';
import type { HostApi } from '../../provider.ts';

const TIMEOUT_MS = 5000;
const metaSchema = z.looseObject({ hooks: z.array(z.string()).default([]) });

/** The ranges that github.com publishes under `hooks`; an Enterprise Server publishes none. @throws when it does not answer */
export async function senders({ url, token }: HostApi): Promise<readonly string[]> {
  const client = new Octokit({ baseUrl: url, ...(token ? { auth: token } : {}) });
  const { data } = await client.request('GET /meta', {
    request: { signal: AbortSignal.timeout(TIMEOUT_MS) },
  });
  return metaSchema.parse(data).hooks;
}
