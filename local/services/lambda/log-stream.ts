import { randomBytes } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { type LambdaFunction, roleOf } from './function.ts';

// Nobody waits for the lines: those of many invocations are one row. Long ones are watched as they run (`aws logs tail --follow`
// asks every five seconds).
const FLUSH_AFTER = 250;
// Below the service's 1 MB and 10,000 events, with room for what it counts per event.
const MAX_BATCH_BYTES = 900_000;
const MAX_BATCH_EVENTS = 5_000;

/** The log stream of one worker. */
export interface LogStream {
  readonly name: string;
  write(message: string): void;
  flush(): Promise<void>;
}

/** Writes as the function's role, as on AWS: without the permission there are no logs, and the terminal says so. */
export function logStream(cloud: Cloud, fn: LambdaFunction): LogStream {
  const name = streamName(new Date());
  let waiting: LogEvent[] = [];
  let written = ensure(cloud, fn, name);
  let timer: NodeJS.Timeout | undefined;
  let warned = false;
  const warn = (error: unknown): void => {
    if (!warned) cloud.warn(`the log lines of ${fn.name} were not written: ${String(error)}`);
    warned = true;
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const events = waiting;
    waiting = [];
    written = written.then(() => put(cloud, fn, name, events)).catch(warn);
    return written;
  };
  const write = (message: string): void => {
    if (message === '') return;
    waiting.push({ timestamp: Math.max(Date.now(), waiting.at(-1)?.timestamp ?? 0), message });
    timer ??= setTimeout(() => void flush(), FLUSH_AFTER);
  };
  written.catch(() => undefined);
  return { name, write, flush };
}

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

function streamName(now: Date): string {
  return `${now.toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`;
}

async function ensure(cloud: Cloud, fn: LambdaFunction, name: string): Promise<void> {
  const { logGroup } = fn;
  const make = (operation: string, input: object) =>
    cloud.call('logs', operation, { logGroupName: logGroup, ...input }, roleOf(cloud, fn)).catch((error) => {
      if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException')) throw error;
    });
  // Most roles may not make the group, which the stack has made.
  await make('CreateLogStream', { logStreamName: name }).catch(async (error) => {
    if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
    await make('CreateLogGroup', {});
    await make('CreateLogStream', { logStreamName: name });
  });
}

async function put(
  cloud: Cloud,
  fn: LambdaFunction,
  logStreamName: string,
  events: LogEvent[],
): Promise<void> {
  for (const logEvents of batches(events)) {
    const input = { logGroupName: fn.logGroup, logStreamName, logEvents };
    await cloud.call('logs', 'PutLogEvents', input, roleOf(cloud, fn));
  }
}

function batches(events: LogEvent[]): LogEvent[][] {
  const all: LogEvent[][] = [];
  let bytes = MAX_BATCH_BYTES;
  for (const { timestamp, message: whole } of events) {
    const message = whole.slice(0, MAX_BATCH_BYTES / 4);
    bytes += Buffer.byteLength(message);
    if (bytes > MAX_BATCH_BYTES || (all.at(-1)?.length ?? 0) >= MAX_BATCH_EVENTS) {
      all.push([]);
      bytes = Buffer.byteLength(message);
    }
    all.at(-1)?.push({ timestamp, message });
  }
  return all;
}
