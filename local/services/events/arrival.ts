import { randomUUID } from 'node:crypto';
import type { Arrival } from './accept.ts';
import type { State } from './tables.ts';

/** What makes an event. */
export interface EventParts {
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  /** as JSON */
  readonly detail: string;
  /** the same, parsed */
  readonly parsed: object;
  readonly resources: readonly string[];
  /** milliseconds since 1970 */
  readonly time: number;
}

/** An event as it comes to its bus, with an id of its own. */
export function arrivalOf({ cloud }: State, parts: EventParts): Arrival {
  const { bus, source, detailType, detail, parsed, resources, time } = parts;
  const id = randomUUID();
  const envelope = {
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account: cloud.account,
    time: `${new Date(time).toISOString().slice(0, 19)}Z`,
    region: cloud.region,
    resources,
  };
  // The detail stays the text it came as: to parse it and write it again rounds numbers that JavaScript cannot hold.
  const json = `${JSON.stringify(envelope).slice(0, -1)},"detail":${detail.trim()}}`;
  return { id, bus, json, event: { ...envelope, detail: parsed }, time };
}
