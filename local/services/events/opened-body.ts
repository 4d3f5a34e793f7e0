import { unpackText } from '../../core/packed-text.ts';
import type { Body, State } from './tables.ts';
import type { OpenedBody } from './transformer.ts';

// The targets of an event come one after the other, some dozens of events at once. A long one is not kept for them.
const MOST = 64;
const LONGEST = 100_000;

const lastOpened = new WeakMap<State['bodies'], Map<string, OpenedBody>>();

/** The event of a delivery; undefined for one that is no more. Several targets unpack and parse it once. */
export function openedBody({ bodies }: State, id: string): OpenedBody | undefined {
  const last = lastOpened.get(bodies) ?? new Map<string, OpenedBody>();
  lastOpened.set(bodies, last);
  const known = last.get(id);
  if (known) return known;
  const body = bodies.get(id);
  if (!body) return undefined;
  const opened = opening(body);
  if (opened.json.length > LONGEST) return opened;
  for (const oldest of last.keys()) if (last.size >= MOST) last.delete(oldest);
  last.set(id, opened);
  return opened;
}

/** Forgets an event that no target waits for any more. */
export const closeBody = ({ bodies }: State, id: string): void => void lastOpened.get(bodies)?.delete(id);

function opening({ json: packed, ingested }: Body): OpenedBody {
  const json = unpackText(packed);
  let event: unknown;
  return {
    json,
    ingested,
    get event() {
      event ??= JSON.parse(json);
      return event;
    },
  };
}
