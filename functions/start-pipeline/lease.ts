import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditionFailed, dynamo } from '../shared/dynamo.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { environment } from '../shared/setting.ts';

/** Longer than the function may run, so that a lease that ended has no holder at work. */
const LEASE_MS = 60_000;

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
  try {
    await dynamo().send(
      new UpdateCommand({
        TableName: environment('REFS_TABLE'),
        Key: { id },
        UpdateExpression: 'SET #lock = :lock, #started = if_not_exists(#started, :none)',
        ConditionExpression: 'attribute_not_exists(#lock) OR #lock.expires < :now OR #lock.#owner = :owner',
        ExpressionAttributeNames: { '#lock': 'lock', '#owner': 'owner', '#started': 'started' },
        ExpressionAttributeValues: {
          ':lock': { owner, expires: now + LEASE_MS },
          ':now': now,
          ':owner': owner,
          ':none': {},
        },
      }),
    );
  } catch (cause) {
    if (!conditionFailed(cause)) throw cause;
    throw new HooklineError(
      errors.refBusy,
      `another delivery is starting a pipeline for ${JSON.stringify(id)}; it is tried again`,
      { cause },
    );
  }
}

async function release(id: string, owner: string): Promise<void> {
  try {
    await dynamo().send(
      new UpdateCommand({
        TableName: environment('REFS_TABLE'),
        Key: { id },
        UpdateExpression: 'REMOVE #lock',
        ConditionExpression: '#lock.#owner = :owner',
        ExpressionAttributeNames: { '#lock': 'lock', '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
      }),
    );
  } catch (error) {
    if (!conditionFailed(error)) throw error;
  }
}

/** Records the newest delivery of the ref that started a pipeline; `commit` is `""` until the start is certain. */
export async function recordStarted(
  id: string,
  pipeline: string,
  started: { token: number; commit: string },
): Promise<void> {
  await dynamo().send(
    new UpdateCommand({
      TableName: environment('REFS_TABLE'),
      Key: { id },
      UpdateExpression: 'SET #started.#pipeline = :started',
      ExpressionAttributeNames: { '#started': 'started', '#pipeline': pipeline },
      ExpressionAttributeValues: { ':started': started },
    }),
  );
}
