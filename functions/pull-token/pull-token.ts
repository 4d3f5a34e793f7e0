import * as z from 'zod';
import type { MintedToken } from '../../events/app.ts';
import { asHostError } from '../shared/host-api.ts';
import { mint } from '../shared/host-token.ts';
import { readHost } from '../shared/hosts.ts';

/** What a build asks for: to read, and nothing else is ever minted for one. */
export const pullTokenSchema = z.strictObject({
  host: z.string(),
  repository: z.string().regex(/^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/),
  use: z.enum(['read', 'requests']),
});

/**
 * Mints a token for one repository. It is not kept, so that a long pull has all of the token's life.
 * Throws `CredentialRefused`, `HostUntrusted`, `HostUnreachable`, `HostUnknown`, `Misconfigured`.
 */
export async function pullToken({
  host,
  repository,
  use,
}: z.infer<typeof pullTokenSchema>): Promise<MintedToken> {
  const settings = await readHost(host);
  return asHostError(host, settings, () => mint(host, settings, { repository, use }));
}
