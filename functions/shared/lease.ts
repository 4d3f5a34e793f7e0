import { errors, HooklineError } from './errors.ts';
import { change } from './ref-record.ts';
import type { Started } from './started.ts';

/** Longer than the function may run (START_SECONDS), so that a lease that ended has no holder at work. */
export const LEASE_MS = 20_000;

/** Holds the ref while `work` runs, so that one pipeline start of it is decided at a time. Throws `RefBusy`. */
export async function withLease<T>(id: string, owner: string, work: () => Promise<T>): Promise<T> {
  await acquire(id, owner);
  try {
    return await work();
  } finally {
    await release(id, owner);
  }
}

async function acquire(id: string, owner: string): Promise<void> {
  const now = Date.now();
  const acquired = await change(id, {
    UpdateExpression: 'SET #lock = :lock, #started = if_not_exists(#started, :none)',
    ConditionExpression: 'attribute_not_exists(#lock) OR #lock.expires < :now OR #lock.#owner = :owner',
    ExpressionAttributeNames: { '#lock': 'lock', '#owner': 'owner', '#started': 'started' },
    ExpressionAttributeValues: {
      ':lock': { owner, expires: now + LEASE_MS },
      ':now': now,
      ':owner': owner,
      ':none': {},
    },
  });
  if (!acquired) throw busy(id);
}

/** Only one's own: a lease that has ended may be another's by now. */
async function release(id: string, owner: string): Promise<void> {
  await change(id, {
    UpdateExpression: 'REMOVE #lock',
    ConditionExpression: '#lock.#owner = :owner',
    ExpressionAttributeNames: { '#lock': 'lock', '#owner': 'owner' },
    ExpressionAttributeValues: { ':owner': owner },
  });
}

/** Records, by the holder of the lease, what a pipeline was started on; nothing when `started` is undefined. Throws `RefBusy`. */
export async function recordStarted(
  id: string,
  owner: string,
  pipeline: string,
  started: Started | undefined,
): Promise<void> {
  const recorded = await change(id, {
    UpdateExpression: started ? 'SET #started.#pipeline = :started' : 'REMOVE #started.#pipeline',
    ConditionExpression: '#lock.#owner = :owner',
    ExpressionAttributeNames: {
      '#started': 'started',
      '#pipeline': pipeline,
      '#lock': 'lock',
      '#owner': 'owner',
    },
    ExpressionAttributeValues: { ':owner': owner, ...(started ? { ':started': started } : {}) },
  });
  if (!recorded) throw busy(id);
}

const busy = (id: string): HooklineError =>
  new HooklineError(errors.refBusy, `another delivery starts one of the ${id}; it is tried again`);
