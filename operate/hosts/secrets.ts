import type { Connection } from '../connection/connection.ts';
import { removeApp } from './apps.ts';
import { type Credential, readCredential, updateCredential } from './credentials.ts';
import { checkHost, type GitHost, gitHosts } from './hosts.ts';
import type { SecretKind } from './secret-kinds.ts';
import { allWebhookSecrets, setWebhookSecret } from './webhook-secrets.ts';

export type { SecretKind } from './secret-kinds.ts';

const MEMBERS = {
  token: 'token',
  username: 'username',
  'ssh-key': 'sshKey',
  'known-hosts': 'knownHosts',
} as const;

/**
 * Sets one value of a host; a webhook secret replaces all of the host's.
 * @returns the changes made to the value, as ssh reads no key with the line ends of Windows
 * @throws for a host that is not configured
 */
export async function setSecret(
  connection: Connection,
  host: string,
  kind: Exclude<SecretKind, 'app'>,
  value: string,
): Promise<readonly string[]> {
  if (value.trim() === '')
    throw new Error(`the value for ${kind} of ${host} is empty: write it to standard input`);
  await checkHost(connection, host);
  if (kind === 'webhook') {
    await setWebhookSecret(connection, host, value.trim());
    return [];
  }
  const { kept, changes } = normalised(kind, value);
  const isToken = kind === 'token';
  await updateCredential(connection, host, { [MEMBERS[kind]]: kept, ...(isToken && { app: undefined }) });
  if (isToken) await removeApp(connection, host);
  return changes;
}

/** A key ends with a line break and has those of Unix, a token has none. */
function normalised(kind: SecretKind, value: string): { kept: string; changes: readonly string[] } {
  const text = value.trim();
  if (kind !== 'ssh-key' && kind !== 'known-hosts') return { kept: text, changes: [] };
  const changes = [
    ...(value.includes('\r') ? ['the line ends of Windows became those of Unix'] : []),
    ...(/[\r\n]$/.test(value) ? [] : ['a line end was put at the end']),
  ];
  return { kept: `${text.replace(/\r\n?/g, '\n')}\n`, changes };
}

/** The secrets that Hookline shares with a host. */
export interface HostSecrets extends Credential {
  /** the valid webhook secrets, the current one first */
  readonly webhook: readonly string[];
}

/** Every value of a host, for checks: no value may be shown. */
export async function secretsOf(connection: Connection, host: GitHost): Promise<HostSecrets> {
  const [webhooks, credential] = await Promise.all([
    allWebhookSecrets(connection),
    readCredential(connection, host),
  ]);
  return { ...credential, webhook: webhooks.get(host.name) ?? [] };
}

/** The kinds of values that each host has, without the values. */
export async function secretsSet(connection: Connection): Promise<Record<string, SecretKind[]>> {
  const [webhooks, hosts] = await Promise.all([allWebhookSecrets(connection), gitHosts(connection)]);
  const kindsOf = async (host: GitHost): Promise<[string, SecretKind[]]> => {
    const own = await readCredential(connection, host);
    const set = (Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]).filter((kind) => own[MEMBERS[kind]]);
    const signs = (webhooks.get(host.name) ?? []).length > 0;
    const kinds = [...(signs ? (['webhook'] as const) : []), ...(own.app ? (['app'] as const) : []), ...set];
    return [host.name, kinds];
  };
  return Object.fromEntries(await Promise.all(hosts.map(kindsOf)));
}
