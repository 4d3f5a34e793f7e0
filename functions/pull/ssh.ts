import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errors, HooklineError } from '../shared/errors.ts';
import type { Credential } from '../shared/secrets.ts';

/** Only the deploy key, only pinned host keys, no settings, no agent, no questions. */
const settings = [
  'IdentitiesOnly=yes',
  'IdentityAgent=none',
  'BatchMode=yes',
  'PreferredAuthentications=publickey',
  'StrictHostKeyChecking=yes',
  'GlobalKnownHostsFile=/dev/null',
  'ClearAllForwardings=yes',
  'ConnectTimeout=20',
  'ServerAliveInterval=15',
  'ServerAliveCountMax=4',
  'LogLevel=ERROR',
];

/**
 * The environment by which git runs ssh with a host's deploy key. Writes the key and the pinned host keys to files in
 * `home` that only this user may read. Throws `CredentialRefused` when either is missing.
 */
export async function sshCommand(
  where: string,
  credential: Credential,
  home: string,
): Promise<Record<string, string>> {
  const key = await secretFile(join(home, 'deploy-key'), `sshKey of ${where}`, credential.sshKey);
  const known = await secretFile(join(home, 'known-hosts'), `knownHosts of ${where}`, credential.knownHosts);
  const options = [...settings, `UserKnownHostsFile="${known}"`].flatMap((setting) => ['-o', setting]);
  const command = ['ssh', '-F', '/dev/null', '-i', key, ...options].map(shellQuote).join(' ');
  return { GIT_SSH_COMMAND: command, GIT_SSH_VARIANT: 'ssh' };
}

/** One word of a POSIX shell, whatever it holds. */
export function shellQuote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

async function secretFile(path: string, what: string, text: string | undefined): Promise<string> {
  if (!text) {
    throw new HooklineError(
      errors.credentialRefused,
      `${what} is not set, and the host is cloned over ssh; set it`,
    );
  }
  // ssh refuses a key with the line ends of Windows, one without a line end, and one that others may read
  await writeFile(path, `${text.replaceAll('\r\n', '\n').trim()}\n`, { mode: 0o600, flag: 'wx' });
  return path;
}
