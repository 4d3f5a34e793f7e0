import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { withoutEffect } from '../../core/gate.ts';
import { pageToken, tokenOf } from '../../core/paging.ts';
import { eventsOf, type PlacedEvent, type Span } from './batches.ts';
import { groupMembers, groupNameOf } from './names.ts';
import { patternOf } from './pattern.ts';
import { groupOf, type LogEvent, type Position, type Tables } from './tables.ts';

const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
const FROM_TAIL_SINCE = Date.parse('2024-01-01T00:00:00Z');

export const filterInput = z.strictObject({
  ...groupMembers,
  logStreamNames: z.array(z.string()).min(1).max(100).optional(),
  logStreamNamePrefix: z.string().optional(),
  startTime: z.number().int().default(0),
  endTime: z
    .number()
    .int()
    .default(Number.MAX_SAFE_INTEGER - 1),
  filterPattern: z.string().default(''),
  limit: z.number().int().min(1).max(MAX_EVENTS).default(MAX_EVENTS),
  nextToken: pageToken(z.tuple([z.enum(['head', 'tail']), z.number(), z.number()])).optional(),
  startFromHead: z.boolean().default(true),
  // The streams are always interleaved, as on AWS since 2019; what is logged here is never masked.
  ...withoutEffect('interleaved', 'unmask'),
});

type FilterInput = z.infer<typeof filterInput>;

/**
 * The group's events in time order, or the newest first, its streams interleaved, those that match the pattern
 * (`aws logs tail`).
 */
export function filterLogEvents(tables: Tables, request: FilterInput): object {
  const group = groupNameOf(request);
  groupOf(tables, group);
  const wanted = predicateOf(request);
  const { side, after } = placeOf(request);
  const events: object[] = [];
  let bytes = 0;
  for (const event of eventsOf(tables, spanOf(group, request, side, after))) {
    if (!wanted(event)) continue;
    events.push(described(event));
    bytes += Buffer.byteLength(event.message);
    if (events.length === request.limit || bytes >= MAX_BYTES)
      return { events, nextToken: tokenOf([side, ...event.at]), searchedLogStreams: [] };
  }
  return { events, searchedLogStreams: [] };
}

/** The end of the group that the first page begins at. */
type Side = 'head' | 'tail';

/** Where a page begins and which way it goes: a token holds both. */
function placeOf({ nextToken, startFromHead, startTime }: FilterInput): { side: Side; after?: Position } {
  if (nextToken !== undefined) {
    const [side, ...after] = nextToken;
    return { side, after };
  }
  if (!startFromHead && startTime < FROM_TAIL_SINCE)
    throw new AwsError(
      'InvalidParameterException',
      `startTime ${startTime} is before 2024: startFromHead can be false since then`,
    );
  return { side: startFromHead ? 'head' : 'tail' };
}

function spanOf(
  group: string,
  { startTime, endTime }: FilterInput,
  side: Side,
  after: Position = side === 'head' ? [startTime, -1] : [endTime + 1, 0],
): Span {
  const [from, to]: [Position, Position] = [
    [startTime, 0],
    [endTime + 1, 0],
  ];
  return side === 'head'
    ? { group, from: [after[0], after[1] + 1], to, reverse: false }
    : { group, from, to: after, reverse: true };
}

function described({ stream, message, ingestionTime, at: [timestamp, sequence] }: PlacedEvent): object {
  const eventId = `${String(timestamp).padStart(20, '0')}${String(sequence).padStart(36, '0')}`;
  return { logStreamName: stream, timestamp, message, ingestionTime, eventId };
}

function predicateOf({ logStreamNames, logStreamNamePrefix, filterPattern }: FilterInput) {
  if (logStreamNames && logStreamNamePrefix !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      `logStreamNames and logStreamNamePrefix ${logStreamNamePrefix} cannot go together: leave one out`,
    );
  const matches = patternOf(filterPattern);
  return ({ stream, message }: LogEvent) =>
    (logStreamNames?.includes(stream) ?? true) &&
    stream.startsWith(logStreamNamePrefix ?? '') &&
    matches(message);
}
