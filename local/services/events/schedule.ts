import { setTimeout as wait } from 'node:timers/promises';
import { accept } from './accept.ts';
import { arrivalOf } from './arrival.ts';
import type { DeliveryQueue } from './queue.ts';
import { millisecondsOf } from './rate.ts';
import type { Rule, State } from './tables.ts';

/** How often a schedule is looked at, in ms: EventBridge's rates are minutes. */
const LOOK_MS = 1000;

/** What takes the events of a schedule: its own rule, and no other. */
export const ownEvents = (ruleArn: string) => (event: unknown) =>
  typeof event === 'object' &&
  event !== null &&
  'source' in event &&
  event.source === SOURCE &&
  'resources' in event &&
  Array.isArray(event.resources) &&
  event.resources.includes(ruleArn);

const SOURCE = 'aws.events';

/**
 * Puts an event for each scheduled rule whenever its time has come. A rule's first is one period after it was made. Of
 * the times that passed while nothing ran, one is made up for.
 * @returns what stops it
 */
export function startSchedules(state: State, queue: DeliveryQueue): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const look = async (): Promise<void> => {
    await forgetGone(state);
    await fireDue(state, queue);
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await look().catch((error: unknown) =>
        state.cloud.warn(`a schedule's event could not be put: ${String(error)}; it is tried again`),
      );
      await wait(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

async function fireDue(state: State, queue: DeliveryQueue): Promise<void> {
  for (const rule of state.rules.values()) {
    if (rule.schedule === undefined) continue;
    const key = `${rule.bus}/${rule.name}`;
    const period = millisecondsOf(rule.schedule);
    const held = state.schedules.get(key);
    const now = Date.now();
    // What lies further ahead was written before the clock was set back.
    const isOfNow = held?.schedule === rule.schedule && held.due <= now + period;
    const due = isOfNow ? held.due : undefined;
    if (due !== undefined && due > now) continue;
    // The next in the same step as this one, however long nothing ran.
    const next = due === undefined ? now + period : due + Math.ceil((now - due + 1) / period) * period;
    const keep = () => void state.schedules.put(key, { schedule: rule.schedule ?? '', due: next });
    if (due === undefined || rule.state !== 'ENABLED') await state.cloud.store.transaction(keep);
    else await accept(state, queue, [scheduledEvent(state, rule)], keep);
  }
}

const scheduledEvent = (state: State, { arn, bus }: Rule) =>
  arrivalOf(state, {
    bus,
    source: SOURCE,
    detailType: 'Scheduled Event',
    detail: '{}',
    parsed: {},
    resources: [arn],
    time: Date.now(),
  });

async function forgetGone({ schedules, rules }: State): Promise<void> {
  for (const { key } of [...schedules.entries()])
    if (!rules.has(String(key))) await schedules.remove(String(key));
}
