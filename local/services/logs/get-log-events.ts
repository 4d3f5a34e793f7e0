import * as z from 'zod';
import { withoutEffect } from '../../core/gate.ts';
import { pageToken, tokenOf } from '../../core/paging.ts';
import { groupMembers, groupNameOf } from './names.ts';
import { position, streamOf, type Tables } from './tables.ts';

const MAX_EVENTS = 10_000;

export const getInput = z.strictObject({
  ...groupMembers,
  logStreamName: z.string(),
  startTime: z.number().int().default(0),
  endTime: z.number().int().default(Number.MAX_SAFE_INTEGER),
  startFromHead: z.boolean().default(false),
  limit: z.number().int().min(1).max(MAX_EVENTS).default(MAX_EVENTS),
  nextToken: pageToken(z.tuple([z.enum(['f', 'b']), z.number(), z.number()])).optional(),
  ...withoutEffect('unmask'),
});

/** A place between two events of a stream: the event after which (forward) or before which (backward) to read. */
type Place = [timestamp: number, sequence: number];

/** Pages of one stream, oldest first; a token that comes back unchanged says that the end is reached. */
export function getLogEvents(tables: Tables, request: z.infer<typeof getInput>): object {
  const group = groupNameOf(request);
  streamOf(tables, group, request.logStreamName);
  const [direction, ...before] = request.nextToken ?? [request.startFromHead ? 'f' : 'b'];
  const place = before.length === 0 ? undefined : before;
  const places = read(tables, [group, request.logStreamName], request, direction === 'f', place);
  const [first, last] = [places[0] ?? place, places.at(-1) ?? place];
  return {
    events: places.map((place) => eventAt(tables, group, place)),
    nextForwardToken: tokenOf(['f', ...(last ?? [request.startTime, 0])]),
    nextBackwardToken: tokenOf(['b', ...(first ?? [request.startTime, 0])]),
  };
}

function read(
  tables: Tables,
  prefix: [group: string, stream: string],
  { startTime, endTime, limit }: z.infer<typeof getInput>,
  forward: boolean,
  place: Place | undefined,
): Place[] {
  const from = place && forward ? later(place, [startTime, 0]) : [startTime, 0];
  const to = place && !forward ? earlier(place, [endTime, 0]) : [endTime, 0];
  const [start, end] = [
    [...prefix, ...from],
    [...prefix, ...to],
  ];
  const range = forward ? { start, end } : { start: end, end: start, reverse: true };
  const found: Place[] = [];
  for (const { key } of tables.byStream.entries(range)) {
    const at = position(key, 2);
    // The range includes its start, and the page before had the token's event. The request's end time is exclusive.
    if (same(at, place) || at[0] >= endTime || at[0] < startTime) continue;
    found.push(at);
    if (found.length === limit) break;
  }
  return forward ? found : found.reverse();
}

function eventAt(tables: Tables, group: string, [timestamp, sequence]: Place): object {
  const event = tables.events.get([group, timestamp, sequence]);
  return { timestamp, message: event?.message ?? '', ingestionTime: event?.ingestionTime ?? timestamp };
}

function same(a: Place, b: Place | undefined): boolean {
  return a[0] === b?.[0] && a[1] === b[1];
}

function later(a: Place, b: Place): Place {
  return a[0] >= b[0] ? a : b;
}

function earlier(a: Place, b: Place): Place {
  return a[0] < b[0] ? a : b;
}
