import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { StateNotWritten } from '../../core/not-written.ts';
import { type Patience, untilWritten } from '../../core/until-written.ts';
import { inOrder } from './message-order.ts';
import { type MoveKey, moveBatch } from './move-batch.ts';
import { type Move, queueByArn, type State } from './tables.ts';

/** Dead-letter redrive: brings the messages of a dead-letter queue back to where they came from, or elsewhere. */
export interface Mover {
  start(input: z.infer<typeof startInput>): Promise<{ TaskHandle: string }>;
  /** goes on with the move tasks that were under way when the runtime ended */
  resume(): void;
  stop(): Promise<void>;
}

export function messageMover(state: State): Mover {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const run = (key: MoveKey): void => {
    const patience: Patience = {
      stopping: stopping.signal,
      failed: ({ message }) =>
        state.cloud.warn(`the messages of ${key[0]} are moved on once that can be written: ${message}`),
    };
    const work = moveAll(state, key, patience)
      .catch((error: unknown) =>
        state.cloud.warn(`the messages of ${key[0]} are moved on at the next start: ${String(error)}`),
      )
      .finally(() => running.delete(work));
    running.add(work);
  };
  return {
    start: async (input) => {
      const { key, handle } = await addMoveTask(state, input);
      run(key);
      return { TaskHandle: handle };
    },
    resume: () => {
      for (const { key, value } of state.moves.entries())
        if (value.status === 'RUNNING' && Array.isArray(key)) run([String(key[0]), Number(key[1])]);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

export const startInput = z.strictObject({ SourceArn: z.string(), DestinationArn: z.string().optional() });

async function addMoveTask(
  state: State,
  { SourceArn, DestinationArn }: z.infer<typeof startInput>,
): Promise<{ key: MoveKey; handle: string }> {
  const source = queueByArn(state, SourceArn);
  if (DestinationArn) queueByArn(state, DestinationArn);
  if (![...state.queues.values()].some(({ redrive }) => redrive?.arn === SourceArn))
    throw new AwsError(
      'InvalidParameterValue',
      `Source queue must be configured as a Dead Letter Queue: ${SourceArn}`,
    );
  const started = Date.now();
  const handle = Buffer.from(JSON.stringify([source.name, started, randomUUID()])).toString('base64url');
  await state.cloud.store.transaction(() => {
    if ([...state.moves.under([source.name])].some(({ value }) => value.status === 'RUNNING'))
      throw new AwsError(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed.',
      );
    void state.moves.put([source.name, started], {
      handle,
      source: SourceArn,
      destination: DestinationArn,
      status: 'RUNNING',
      moved: 0,
      toMove: [...inOrder(state, source)].length,
      started,
    });
  });
  return { key: [source.name, started], handle };
}

async function moveAll(state: State, key: MoveKey, patience: Patience): Promise<void> {
  try {
    let more = true;
    const next = async (): Promise<void> => {
      more = await state.cloud.store.transaction(() => moveBatch(state, key));
    };
    while (more && !patience.stopping.aborted) await untilWritten(next, patience);
  } catch (error) {
    if (error instanceof StateNotWritten) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    state.cloud.warn(`the messages of ${key[0]} could not be moved: ${reason}`);
    await untilWritten(() => fail(state, key, reason), patience);
  } finally {
    for (const queue of state.queues.keys()) state.listeners.notify(queue);
  }
}

async function fail(state: State, key: MoveKey, reason: string): Promise<void> {
  const move = state.moves.get(key);
  if (move) await state.moves.put(key, { ...move, status: 'FAILED', reason });
}

export const listInput = z.strictObject({
  SourceArn: z.string(),
  MaxResults: z.number().int().min(1).max(10).default(1),
});

export function listMoveTasks(state: State, { SourceArn, MaxResults }: z.infer<typeof listInput>) {
  const { name } = queueByArn(state, SourceArn);
  const found = [...state.moves.under([name], { reverse: true, limit: MaxResults })];
  return { Results: found.map(({ value }) => described(value)) };
}

function described(move: Move) {
  return {
    ...(move.status === 'RUNNING' && { TaskHandle: move.handle }),
    Status: move.status,
    SourceArn: move.source,
    DestinationArn: move.destination,
    ApproximateNumberOfMessagesMoved: move.moved,
    ApproximateNumberOfMessagesToMove: move.toMove,
    FailureReason: move.reason,
    StartedTimestamp: move.started,
  };
}

export const cancelInput = z.strictObject({ TaskHandle: z.string() });

export async function cancelMoveTask(state: State, { TaskHandle }: z.infer<typeof cancelInput>) {
  return state.cloud.store.transaction(() => {
    const found = [...state.moves.entries()].find(({ value }) => value.handle === TaskHandle);
    if (found?.value.status !== 'RUNNING')
      throw new AwsError(
        'ResourceNotFoundException',
        `no task with the handle ${TaskHandle} is running`,
        404,
      );
    void state.moves.put(found.key, { ...found.value, status: 'CANCELLED' });
    return { ApproximateNumberOfMessagesMoved: found.value.moved };
  });
}
