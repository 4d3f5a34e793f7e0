import { administrations } from '../../events/providers/administrations.ts';
import type { Connection } from '../connection/connection.ts';
import type { GitHost } from '../hosts/hosts.ts';
import { secretsOf } from '../hosts/secrets.ts';
import type { CheckResult } from './finding.ts';

/** Checks that the host's REST API answers and takes the token. */
export async function checkHost(connection: Connection, gitHost: GitHost): Promise<CheckResult> {
  const { name, api, provider, ca } = gitHost;
  const { token = '' } = await secretsOf(connection, gitHost);
  return administrations[provider].checkToken({ host: name, url: api, token, ca });
}
