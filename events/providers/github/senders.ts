import * as z from 'zod';
import type { HostApi } from '../../provider.ts';
import { clientOf } from './client.ts';

const TIMEOUT_MS = 5000;
const metaSchema = z.looseObject({ hooks: z.array(z.string()).default([]) });

/** The ranges that github.com publishes under `hooks`; an Enterprise Server publishes none. @throws when it does not answer */
export async function senders(api: HostApi): Promise<readonly string[]> {
  const { data } = await clientOf(api, TIMEOUT_MS).request('GET /meta');
  return metaSchema.parse(data).hooks;
}
