import { createHash } from 'node:crypto';
import type { Principal } from './cloud.ts';

/** Who is behind an access key: the runtime hands each role one, and takes every other for the account itself. */
export interface Identities {
  role(arn: string): Principal;
  byAccessKey(accessKeyId: string): Principal;
}

export function identities(account: string): Identities {
  const roles = new Map<string, Principal>();
  return {
    role: (arn) => {
      const principal = { arn, accessKeyId: accessKeyOf(arn) };
      roles.set(principal.accessKeyId, principal);
      return principal;
    },
    byAccessKey: (accessKeyId) =>
      roles.get(accessKeyId) ?? { arn: `arn:aws:iam::${account}:root`, accessKeyId },
  };
}

/** The same key at every start, so that a process that outlives a restart is still known. */
function accessKeyOf(arn: string): string {
  return `ASIA${createHash('sha256').update(arn).digest('hex').slice(0, 16).toUpperCase()}`;
}
