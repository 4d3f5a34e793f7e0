import { administrations } from '../../events/providers/administrations.ts';
import type { Connection } from '../connection/connection.ts';
import type { GitHost } from '../hosts/hosts.ts';
import { secretsOf } from '../hosts/secrets.ts';
import type { CheckResult } from './finding.ts';

/** Checks that the host's REST API answers and takes the token. */
export async function checkHost(
  connection: Connection,
  { name, api, provider, ca }: GitHost,
): Promise<CheckResult> {
  const { token = '' } = await secretsOf(connection, name);
  return administrations[provider].checkToken({ host: name, url: api, token, ca });
}
