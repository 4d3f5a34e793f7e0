import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { withoutEffect } from '../../core/gate.ts';
import { batchesOf, packed } from './batches.ts';
import { groupName, streamName } from './names.ts';
import { type Group, groupOf, type Stream, streamOf, type Tables } from './tables.ts';

// PutLogEvents: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OLDEST = 14 * DAY;
const NEWEST = 2 * HOUR;

export const putInput = z.strictObject({
  logGroupName: groupName,
  logStreamName: streamName,
  logEvents: z
    .array(z.strictObject({ timestamp: z.number().int().nonnegative(), message: z.string().min(1) }))
    .min(1)
    .max(MAX_EVENTS),
  ...withoutEffect('sequenceToken'),
});

type PutInput = z.infer<typeof putInput>;
type Events = PutInput['logEvents'];

/** Appends events, which are on disk when this resolves; sets of concurrent callers share one sync. */
export async function putLogEvents(
  tables: Tables,
  { logGroupName, logStreamName, logEvents }: PutInput,
): Promise<object> {
  streamOf(tables, logGroupName, logStreamName);
  refuseDisorder(logEvents);
  refuseSpan(logEvents);
  refuseSize(logEvents);
  const { taken, rejected } = sorted(logEvents, groupOf(tables, logGroupName), Date.now());
  if (taken.length > 0)
    await tables.store.transaction(() => append(tables, logGroupName, logStreamName, taken));
  const isWhole = taken.length === logEvents.length;
  return {
    nextSequenceToken: String(sequence),
    ...(isWhole ? {} : { rejectedLogEventsInfo: rejected }),
  };
}

/** Where in a batch the events are that were not taken; the indexes of ends are those of the next one. */
interface Rejected {
  readonly expiredLogEventEndIndex?: number;
  readonly tooOldLogEventEndIndex?: number;
  readonly tooNewLogEventStartIndex?: number;
}

/** Parts the events of a batch, which are in the order of their times, from those that are too old or too new. */
function sorted(
  events: Events,
  { retentionInDays }: Group,
  now: number,
): { readonly taken: Events; readonly rejected: Rejected } {
  const before = (time: number): number => events.filter(({ timestamp }) => timestamp < time).length;
  const expired = retentionInDays === undefined ? 0 : before(now - retentionInDays * DAY);
  const tooOld = before(now - OLDEST);
  const tooNew = before(now + NEWEST + 1);
  return {
    taken: events.slice(Math.max(expired, tooOld), tooNew),
    rejected: {
      ...(expired > 0 && { expiredLogEventEndIndex: expired }),
      ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
      ...(tooNew < events.length && { tooNewLogEventStartIndex: tooNew }),
    },
  };
}

// Orders events of the same millisecond, across restarts too: the clock is ahead of every number it gave before.
let sequence = 0;

/** The first of so many numbers. */
function nextSequence(count: number): number {
  const first = Math.max(sequence + 1, Date.now() * 1000);
  sequence = first + count - 1;
  return first;
}

function append(tables: Tables, group: string, name: string, events: Events): void {
  const ingestionTime = Date.now();
  for (const batch of batchesOf(events)) {
    const at = [batch[0].timestamp, nextSequence(batch.length)];
    void tables.events.put([group, ...at], packed(name, ingestionTime, batch));
    void tables.byStream.put([group, name, ...at], true);
  }
  const stream = tables.streams.get([group, name]);
  if (stream) void tables.streams.put([group, name], withTimes(stream, events, ingestionTime));
}

function withTimes(stream: Stream, events: Events, lastIngestionTime: number): Stream {
  const [first, last] = [events[0]?.timestamp ?? 0, events.at(-1)?.timestamp ?? 0];
  return {
    ...stream,
    firstEventTimestamp: Math.min(stream.firstEventTimestamp ?? first, first),
    lastEventTimestamp: Math.max(stream.lastEventTimestamp ?? last, last),
    lastIngestionTime,
  };
}

function refuseDisorder(events: Events): void {
  const at = events.findIndex(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0));
  if (at < 0) return;
  throw new AwsError(
    'InvalidParameterException',
    `log event ${at} (${events[at]?.timestamp}) is earlier than the one before it: sort them by timestamp`,
  );
}

function refuseSpan(events: Events): void {
  const span = (events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0);
  if (span <= DAY) return;
  throw new AwsError(
    'InvalidParameterException',
    `the log events span ${Math.round(span / HOUR)} hours: send at most 24 hours at once`,
  );
}

function refuseSize(events: Events): void {
  const bytes = events.reduce(
    (sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES,
    0,
  );
  if (bytes <= MAX_BYTES) return;
  throw new AwsError(
    'InvalidParameterException',
    `${events.length} log events are ${bytes} bytes: send at most ${MAX_BYTES} at once`,
  );
}
