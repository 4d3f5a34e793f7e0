import * as z from 'zod';
import { withoutEffect } from '../../core/gate.ts';
import { pageToken, tokenOf } from '../../core/paging.ts';
import { eventsOf, type PlacedEvent } from './batches.ts';
import { groupMembers, groupNameOf } from './names.ts';
import { type Position, streamOf, type Tables } from './tables.ts';

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

/** Pages of one stream, oldest first; a token that comes back unchanged says that the end is reached. */
export function getLogEvents(tables: Tables, request: z.infer<typeof getInput>): object {
  const group = groupNameOf(request);
  streamOf(tables, group, request.logStreamName);
  const [direction, ...before] = request.nextToken ?? [request.startFromHead ? 'f' : 'b'];
  const place = before.length === 0 ? undefined : before;
  const events = read(tables, group, request, direction === 'f', place);
  const [first, last] = [events[0]?.at ?? place, events.at(-1)?.at ?? place];
  return {
    events: events.map(({ at: [timestamp], message, ingestionTime }) => ({
      timestamp,
      message,
      ingestionTime,
    })),
    nextForwardToken: tokenOf(['f', ...(last ?? [request.startTime, 0])]),
    nextBackwardToken: tokenOf(['b', ...(first ?? [request.startTime, 0])]),
  };
}

function read(
  tables: Tables,
  group: string,
  { logStreamName: stream, startTime, endTime, limit }: z.infer<typeof getInput>,
  forward: boolean,
  place: Position | undefined,
): PlacedEvent[] {
  const [first, end]: [Position, Position] = [
    [startTime, 0],
    [endTime, 0],
  ];
  const from = place && forward ? later([place[0], place[1] + 1], first) : first;
  const to = place && !forward ? earlier(place, end) : end;
  const found: PlacedEvent[] = [];
  for (const event of eventsOf(tables, { group, stream, from, to, reverse: !forward })) {
    found.push(event);
    if (found.length === limit) break;
  }
  return forward ? found : found.reverse();
}

function later(a: Position, b: Position): Position {
  return a[0] >= b[0] ? a : b;
}

function earlier(a: Position, b: Position): Position {
  return a[0] < b[0] ? a : b;
}
