import { randomUUID } from 'node:crypto';
import { addMessage, inOrder, removeMessage } from './message-order.ts';
import { type Move, type Queue, queueByArn, type State } from './tables.ts';

const BATCH = 100;

export type MoveKey = [queue: string, started: number];

/** Moves some messages, as a part of a transaction. @returns whether there is more to move */
export function moveBatch(state: State, key: MoveKey): boolean {
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
