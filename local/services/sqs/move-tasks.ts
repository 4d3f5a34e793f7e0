import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { StateNotWritten } from '../../core/not-written.ts';
import { type Patience, untilWritten } from '../../core/until-written.ts';
import { addMessage, inOrder, removeMessage } from './message-order.ts';
import { type Move, type Queue, queueByArn, type State } from './tables.ts';

const BATCH = 100;

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
  const run = (key: Key): void => {
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

type Key = [queue: string, started: number];

export const startInput = z.strictObject({ SourceArn: z.string(), DestinationArn: z.string().optional() });

async function addMoveTask(
  state: State,
  { SourceArn, DestinationArn }: z.infer<typeof startInput>,
): Promise<{ key: Key; handle: string }> {
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

async function moveAll(state: State, key: Key, patience: Patience): Promise<void> {
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

async function fail(state: State, key: Key, reason: string): Promise<void> {
  const move = state.moves.get(key);
  if (move) await state.moves.put(key, { ...move, status: 'FAILED', reason });
}

/** @returns whether there is more to move */
function moveBatch(state: State, key: Key): boolean {
  const move = state.moves.get(key);
  if (move?.status !== 'RUNNING') return false;
  const source = queueByArn(state, move.source);
  const ids = visible(state, source);
  const moves = movesOf(state, source, ids, move);
  for (const carryOut of moves) carryOut();
  const more = ids.length === BATCH || moves.length < ids.length;
  void state.moves.put(key, {
    ...move,
    moved: move.moved + moves.length,
    status: more ? 'RUNNING' : 'COMPLETED',
  });
  return more;
}

function visible(state: State, source: Queue): string[] {
  const now = Date.now();
  const ids: string[] = [];
  for (const entry of inOrder(state, source)) {
    if (entry.visible > now || ids.length === BATCH) break;
    ids.push(entry.id);
  }
  return ids;
}

/** The moves of messages up to one that cannot be moved. @throws where that is the first: nothing is written by then */
function movesOf(state: State, from: Queue, ids: readonly string[], move: Move): (() => void)[] {
  const found: (() => void)[] = [];
  for (const id of ids) {
    try {
      found.push(moveOf(state, from, id, move));
    } catch (error) {
      if (found.length === 0) throw error;
      break;
    }
  }
  return found;
}

function moveOf(state: State, from: Queue, id: string, { destination }: Move): () => void {
  const message = state.messages.get([from.name, id]);
  if (!message) return () => undefined;
  const to = destination ?? message.source;
  if (!to) throw new Error(`CouldNotDetermineMessageSource: message ${id} was sent to ${from.name} directly`);
  const target = queueByArn(state, to);
  const { source: _source, ...sent } = message;
  return () => {
    removeMessage(state, from, id);
    // A moved message counts as a new one: it keeps its content, and its retention begins again.
    addMessage(state, target, randomUUID(), { ...sent, sent: Date.now() }, Date.now());
  };
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
