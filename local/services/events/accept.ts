import { randomUUID } from 'node:crypto';
import { type PackedText, packText } from '../../core/packed-text.ts';
import type { DeliveryQueue } from './queue.ts';
import type { Archive, Rule, State } from './tables.ts';

/** An event that has come to a bus. */
export interface Arrival {
  readonly id: string;
  readonly bus: string;
  /** the whole event */
  readonly json: string;
  /** the same, parsed, to be matched */
  readonly event: unknown;
  /** milliseconds since 1970: the event's own time, which archives go by */
  readonly time: number;
  /** for a replayed event: the rules that the replay goes to, or every rule when the filter is empty */
  readonly replay?: { readonly filter: readonly string[] };
}

/**
 * Writes events to the archives and to the queue of every target that wants them, all in one transaction.
 * @param also more to write in the same transaction
 * @returns when that is on disk
 */
export async function accept(
  state: State,
  queue: DeliveryQueue,
  arrivals: readonly Arrival[],
  also?: () => void,
): Promise<void> {
  const plans = arrivals.map((arrival) => planOf(state, arrival));
  if (!also && plans.every(({ rules, archives }) => rules.length + archives.length === 0)) return;
  await state.cloud.store.transaction(() => {
    for (const plan of plans) {
      const packed = packText(plan.arrival.json);
      for (const archive of plan.archives) archiveEvent(state, archive, plan.arrival, packed);
      enqueue(state, queue, plan, packed);
    }
    also?.();
  });
  queue.wake();
}

interface Plan {
  readonly arrival: Arrival;
  readonly rules: readonly Rule[];
  readonly archives: readonly Archive[];
}

function planOf(state: State, arrival: Arrival): Plan {
  const { bus, event, replay } = arrival;
  const rules = [...state.rules.values()].filter(
    (rule) =>
      rule.bus === bus &&
      rule.state === 'ENABLED' &&
      rule.targets.length > 0 &&
      (!replay?.filter.length || replay.filter.includes(rule.arn)) &&
      rule.matches(event),
  );
  // A replayed event is in the archive already.
  const archives = replay
    ? []
    : [...state.archives.values()].filter((archive) => archive.bus === bus && archive.matches(event));
  return { arrival, rules, archives };
}

function archiveEvent(
  { archived, holdings }: State,
  archive: Archive,
  { id, json, time }: Arrival,
  packed: PackedText,
): void {
  void archived.put([archive.name, time, id], packed);
  const holding = holdings.get(archive.name) ?? { count: 0, bytes: 0, created: archive.created };
  void holdings.put(archive.name, {
    ...holding,
    count: holding.count + 1,
    bytes: holding.bytes + Buffer.byteLength(json),
  });
}

function enqueue({ bodies }: State, queue: DeliveryQueue, { rules }: Plan, packed: PackedText): void {
  const targets = rules.flatMap((rule) => rule.targets.map((target) => ({ rule, target })));
  if (targets.length === 0) return;
  const now = Date.now();
  const body = randomUUID();
  void bodies.put(body, { json: packed, ingested: now, left: targets.length });
  for (const { rule, target } of targets)
    queue.write(now, { body, bus: rule.bus, rule: rule.name, target: target.id, since: now, attempts: 0 });
}
