import { StateNotWritten } from '../../core/not-written.ts';
import { unpackText } from '../../core/packed-text.ts';
import { type Patience, untilWritten } from '../../core/until-written.ts';
import { type Arrival, accept } from './accept.ts';
import type { DeliveryQueue } from './queue.ts';
import type { Replay, State } from './tables.ts';

/** Brings archived events back to their bus, in the background. */
export interface ReplayRunner {
  run(name: string): void;
  /** goes on with the replays that were under way when the runtime ended */
  start(): void;
  stop(): Promise<void>;
}

const BATCH = 100;

export function replayRunner(state: State, queue: DeliveryQueue): ReplayRunner {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();

  const run = (name: string): void => {
    const patience: Patience = {
      stopping: stopping.signal,
      failed: ({ message }) =>
        state.cloud.warn(`the replay ${name} goes on once that can be written: ${message}`),
    };
    const ended = replayAll(state, queue, name, patience)
      .catch((error: unknown) =>
        state.cloud.warn(`the replay ${name} goes on at the next start: ${String(error)}`),
      )
      .finally(() => running.delete(ended));
    running.add(ended);
  };

  return {
    run,
    start: () => {
      for (const { value } of state.replays.entries()) if (isActive(value)) run(value.name);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function replayAll(
  state: State,
  queue: DeliveryQueue,
  name: string,
  patience: Patience,
): Promise<void> {
  try {
    let more = true;
    const next = async (): Promise<void> => {
      more = await replayBatch(state, queue, name);
    };
    while (more && !patience.stopping.aborted) await untilWritten(next, patience);
  } catch (error) {
    if (error instanceof StateNotWritten) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    state.cloud.warn(`the replay ${name} failed: ${reason}`);
    await untilWritten(() => fail(state, name, reason), patience);
  }
}

function isActive(replay: Replay | undefined): replay is Replay {
  return replay?.state === 'STARTING' || replay?.state === 'RUNNING';
}

/**
 * Puts one batch on the bus, and notes in the same transaction how far the replay is, so that no crash skips an event or
 * repeats the batch.
 * @returns whether there is more to replay
 */
async function replayBatch(state: State, queue: DeliveryQueue, name: string): Promise<boolean> {
  const replay = state.replays.get(name);
  if (!isActive(replay)) return false;
  const arrivals = batchOf(state, replay);
  const last = arrivals.at(-1);
  const more = arrivals.length === BATCH;
  await accept(state, queue, arrivals, () => {
    const now = state.replays.get(name);
    // The replay was cancelled in the meantime: its events are on their way, and its state stays.
    if (!isActive(now)) return;
    void state.replays.put(name, {
      ...now,
      ...(last && { cursor: [last.time, last.id] }),
      ...(more ? { state: 'RUNNING' } : { state: 'COMPLETED', ended: Date.now() }),
    });
  });
  return more;
}

function batchOf(state: State, replay: Replay): Arrival[] {
  const { archive, cursor, from, to, bus, filter } = replay;
  // The range's end is exclusive: one millisecond more takes in the events of the end time itself.
  const range = { start: [archive, ...(cursor ?? [from])], end: [archive, to + 1], limit: BATCH + 1 };
  const arrivals: Arrival[] = [];
  for (const { key, value } of state.archived.entries(range)) {
    const [, time = 0, id = ''] = Array.isArray(key) ? key : [];
    if (cursor && time === cursor[0] && id === cursor[1]) continue;
    // The last character of the event's text is the brace that closes it.
    const json = `${unpackText(value).slice(0, -1)},"replay-name":${JSON.stringify(replay.name)}}`;
    arrivals.push({
      id: String(id),
      bus,
      json,
      event: JSON.parse(json),
      time: Number(time),
      replay: { filter },
    });
    if (arrivals.length === BATCH) break;
  }
  return arrivals;
}

async function fail(state: State, name: string, reason: string): Promise<void> {
  const replay = state.replays.get(name);
  if (replay) await state.replays.put(name, { ...replay, state: 'FAILED', reason, ended: Date.now() });
}
