import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { withoutEffect } from '../../core/gate.ts';
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
  nextToken: z.string().optional(),
  ...withoutEffect('unmask'),
});

/** A place between two events of a stream: the event after which (forward) or before which (backward) to read. */
type Place = [timestamp: number, sequence: number];

/** Pages of one stream, oldest first; a token that comes back unchanged says that the end is reached. */
export function getLogEvents(tables: Tables, request: z.infer<typeof getInput>): object {
  const group = groupNameOf(request);
  streamOf(tables, group, request.logStreamName);
  const token = request.nextToken === undefined ? undefined : readToken(request.nextToken);
  const forward = token ? token.forward : request.startFromHead;
  const places = read(tables, [group, request.logStreamName], request, forward, token?.place);
  const [first, last] = [places[0] ?? token?.place, places.at(-1) ?? token?.place];
  return {
    events: places.map((place) => eventAt(tables, group, place)),
    nextForwardToken: writeToken('f', last ?? [request.startTime, 0]),
    nextBackwardToken: writeToken('b', first ?? [request.startTime, 0]),
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

function writeToken(direction: 'f' | 'b', place: Place): string {
  return `${direction}/${place.join('/')}`;
}

function readToken(token: string): { forward: boolean; place: Place } {
  const [, direction, timestamp, sequence] = /^([fb])\/(\d+)\/(\d+)$/.exec(token) ?? [];
  if (!direction)
    throw new AwsError(
      'InvalidParameterException',
      `nextToken ${token} is not one that GetLogEvents gave out`,
    );
  return { forward: direction === 'f', place: [Number(timestamp), Number(sequence)] };
}
