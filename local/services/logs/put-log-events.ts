import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { withoutEffect } from '../../core/gate.ts';
import { groupName, streamName } from './names.ts';
import { type Stream, streamOf, type Tables } from './tables.ts';

// PutLogEvents: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;

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
  refuseSize(logEvents);
  await tables.store.transaction(() => append(tables, logGroupName, logStreamName, logEvents));
  return { nextSequenceToken: String(sequence) };
}

// Orders events of the same millisecond, across restarts too: the clock is ahead of every number it gave before.
let sequence = 0;

function nextSequence(): number {
  sequence = Math.max(sequence + 1, Date.now() * 1000);
  return sequence;
}

function append(tables: Tables, group: string, name: string, events: Events): void {
  const ingestionTime = Date.now();
  for (const { timestamp, message } of events) {
    const at = [timestamp, nextSequence()];
    void tables.events.put([group, ...at], { stream: name, message, ingestionTime });
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
