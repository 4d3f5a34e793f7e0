import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { PackedText } from '../../core/packed-text.ts';
import type { Collection, Store } from '../../core/store.ts';

export interface Group {
  readonly logGroupName: string;
  readonly arn: string;
  /** milliseconds since 1970, as every time of this service */
  readonly creationTime: number;
  readonly retentionInDays?: number | undefined;
}

export interface Stream {
  readonly logStreamName: string;
  readonly arn: string;
  readonly creationTime: number;
  readonly firstEventTimestamp?: number;
  readonly lastEventTimestamp?: number;
  readonly lastIngestionTime?: number;
}

export interface LogEvent {
  readonly stream: string;
  readonly message: string;
  readonly ingestionTime: number;
}

/** Events of a stream that came together, in one row. */
export interface LogBatch {
  readonly stream: string;
  readonly ingestionTime: number;
  /** `[milliseconds after the first, message]` of each event, as JSON */
  readonly events: PackedText;
}

/** A resource policy that a call has made. */
export interface MadePolicy {
  readonly policyName: string;
  readonly policyDocument: string;
  readonly lastUpdatedTime: number;
}

/** The service's state. */
export interface Tables {
  readonly store: Store;
  /** by name */
  readonly groups: Collection<Group>;
  /** by `[group, stream]` */
  readonly streams: Collection<Stream>;
  /** by `[group, timestamp, sequence]` of the first event: in time order, the streams interleaved */
  readonly events: Collection<LogBatch | LogEvent>;
  /** by `[group, stream, timestamp, sequence]`: which of the group's rows are the stream's */
  readonly byStream: Collection<true>;
  /** by name */
  readonly madePolicies: Collection<MadePolicy>;
  /** the names of the template's */
  readonly templatePolicies: Set<string>;
}

export function tablesOf({ store }: Cloud): Tables {
  return {
    store,
    groups: store.collection('logs/groups'),
    streams: store.collection('logs/streams'),
    events: store.collection('logs/events'),
    byStream: store.collection('logs/events-by-stream'),
    madePolicies: store.collection('logs/policies'),
    templatePolicies: new Set(),
  };
}

/** @throws ResourceNotFoundException */
export function groupOf(tables: Tables, name: string): Group {
  const group = tables.groups.get(name);
  if (!group)
    throw new AwsError(
      'ResourceNotFoundException',
      `there is no log group ${name}: create it with CreateLogGroup`,
    );
  return group;
}

/** @throws ResourceNotFoundException when the group or the stream is not there */
export function streamOf(tables: Tables, group: string, name: string): Stream {
  groupOf(tables, group);
  const stream = tables.streams.get([group, name]);
  if (!stream)
    throw new AwsError(
      'ResourceNotFoundException',
      `the log group ${group} has no log stream ${name}: create it with CreateLogStream`,
    );
  return stream;
}

/** Where an event stands in its group: by its time, and by a number among those of its millisecond. */
export type Position = [timestamp: number, sequence: number];

/** The numbers of an array key from this place on. */
export function position(key: unknown, from: number): Position {
  const parts = Array.isArray(key) ? key.slice(from) : [];
  return [Number(parts[0]), Number(parts[1])];
}

/** Takes a row of events out, inside of a transaction of the store. */
export function dropRow(tables: Tables, group: string, stream: string, at: Position): void {
  void tables.events.remove([group, ...at]);
  void tables.byStream.remove([group, stream, ...at]);
}
