import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { withoutEffect } from '../../core/gate.ts';
import { pageToken, tokenOf } from '../../core/paging.ts';
import { groupMembers, groupNameOf } from './names.ts';
import { patternOf } from './pattern.ts';
import { groupOf, type LogEvent, position, type Tables } from './tables.ts';

const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;

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
  nextToken: pageToken(z.tuple([z.number(), z.number()])).optional(),
  // The streams are always interleaved, as on AWS since 2019; what is logged here is never masked.
  ...withoutEffect('interleaved', 'unmask'),
});

type FilterInput = z.infer<typeof filterInput>;

/** The group's events in time order, its streams interleaved, those that match the pattern (`aws logs tail`). */
export function filterLogEvents(tables: Tables, request: FilterInput): object {
  const group = groupNameOf(request);
  groupOf(tables, group);
  const wanted = predicateOf(request);
  const events: object[] = [];
  let bytes = 0;
  for (const { key, value } of scan(tables, group, request)) {
    const at = position(key, 1);
    if (!wanted(value)) continue;
    events.push(described(value, at));
    bytes += Buffer.byteLength(value.message);
    if (events.length === request.limit || bytes >= MAX_BYTES)
      return { events, nextToken: tokenOf(at), searchedLogStreams: [] };
  }
  return { events, searchedLogStreams: [] };
}

function scan(tables: Tables, group: string, { startTime, endTime, nextToken }: FilterInput) {
  const [time, sequence] = nextToken ?? [startTime, -1];
  return tables.events.entries({ start: [group, time, sequence + 1], end: [group, endTime + 1] });
}

function described(
  { stream, message, ingestionTime }: LogEvent,
  [timestamp, sequence]: [number, number],
): object {
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
