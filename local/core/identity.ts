import { createHmac, randomBytes } from 'node:crypto';
import { ADMINISTRATOR } from './account-and-region.ts';
import type { Credentials, Principal } from './cloud.ts';
import type { Store } from './store.ts';

/** A caller, and the secret that signs its calls. */
export interface Identity extends Credentials {
  readonly principal: Principal;
}

/** The access keys of a state folder: the administrator's, and a session's for each role. */
export interface Identities {
  /** the key of whoever started the runtime */
  readonly administrator: Identity;
  role(arn: string): Principal;
  /** a role's session's key */
  session(arn: string): Credentials;
  /** undefined for a key that this runtime did not hand out */
  byAccessKey(accessKeyId: string): Identity | undefined;
}

/** @param seed what every key is derived from; nobody else may know it, and it keeps the keys of an earlier start valid */
export function identities(seed: string): Identities {
  const known = new Map<string, Identity>();
  const remember = (identity: Identity): Identity => {
    known.set(identity.accessKeyId, identity);
    return identity;
  };
  const sessions = new Map<string, Identity>();
  const session = (arn: string): Identity => {
    const identity = sessions.get(arn) ?? remember(keyOf(seed, 'ASIA', arn));
    sessions.set(arn, identity);
    return identity;
  };
  return {
    administrator: remember(keyOf(seed, 'AKIA', ADMINISTRATOR)),
    role: (arn) => session(arn).principal,
    session,
    byAccessKey: (accessKeyId) => known.get(accessKeyId),
  };
}

/** A service of AWS that acts for a resource of the account. */
export function actingFor(account: string, service: string, source?: string): Principal {
  const arn = `arn:aws:iam::${account}:root`;
  return { arn, accessKeyId: service, service, ...(source !== undefined && { source }) };
}

const SEED = 'seed';

/** The seed of a state folder's keys, made once: a process that outlives a restart is still known. */
export async function seedOf(store: Store): Promise<string> {
  const keys = store.collection<string>('keys');
  return store.transaction(() => {
    const kept = keys.get(SEED);
    if (kept !== undefined) return kept;
    const made = randomBytes(32).toString('base64');
    keys.put(SEED, made);
    return made;
  });
}

/** `AKIA` begins a key that lasts, `ASIA` that of a session, which has a token besides. */
function keyOf(seed: string, kind: 'AKIA' | 'ASIA', arn: string): Identity {
  const derived = (part: string): Buffer =>
    createHmac('sha256', seed).update(`${kind}/${part}/${arn}`).digest();
  const accessKeyId = `${kind}${derived('id').toString('hex').slice(0, 16).toUpperCase()}`;
  return {
    principal: { arn, accessKeyId },
    accessKeyId,
    secretAccessKey: derived('secret').toString('base64').slice(0, 40),
    ...(kind === 'ASIA' && { sessionToken: derived('token').toString('base64') }),
  };
}
