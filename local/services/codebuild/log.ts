import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { type Build, roleOf } from './build.ts';

// Whoever follows a build reads along.
const FLUSH_AFTER = 100;
// Below the service's 1 MB and 10,000 events, with room for what it counts per event.
const MAX_BATCH_BYTES = 700_000;
const MAX_BATCH_EVENTS = 5_000;

/** The log of a build as it grows: lines are gathered for a moment and written together, in their order. */
export interface BuildLog {
  /** has `***` in the place of each of these texts, wherever a line holds one */
  hide(texts: readonly string[]): void;
  /** adds a line of output; resolves when there is room for another */
  write(line: string): Promise<void>;
  /** adds a line of CodeBuild's own */
  say(text: string): void;
  /** writes what is left */
  end(): Promise<void>;
}

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Writes as the build's role, as on AWS: without the permission there are no logs, and the terminal says so. */
export function buildLog(cloud: Cloud, build: Build): BuildLog {
  const { id, logs } = build;
  const { status, groupName: logGroupName = '', streamName: logStreamName = '' } = logs.cloudWatchLogs;
  if (status === 'DISABLED')
    return { hide: () => {}, write: async () => {}, say: () => {}, end: async () => {} };
  const call = (operation: string, input: object): Promise<unknown> =>
    cloud.call('logs', operation, { logGroupName, ...input }, roleOf(cloud, build));
  let hidden: readonly string[] = [];
  let events: LogEvent[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let warned = false;
  const warn = (error: unknown): void => {
    if (!warned) cloud.warn(`the log of the build ${id} was not written: ${String(error)}`);
    warned = true;
  };
  let written: Promise<unknown> = ensure(call, logStreamName).catch(warn);
  const flush = (): Promise<unknown> => {
    clearTimeout(timer);
    timer = undefined;
    const logEvents = events;
    [events, bytes] = [[], 0];
    if (logEvents.length > 0)
      written = written.then(() => call('PutLogEvents', { logStreamName, logEvents })).catch(warn);
    return written;
  };
  const write = async (text: string): Promise<void> => {
    const line = hidden.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
    const timestamp = Math.max(Date.now(), events.at(-1)?.timestamp ?? 0);
    events.push({ timestamp, message: `${line}\n` });
    bytes += Buffer.byteLength(line);
    if (bytes < MAX_BATCH_BYTES && events.length < MAX_BATCH_EVENTS)
      timer ??= setTimeout(() => void flush(), FLUSH_AFTER);
    else await flush();
  };
  return {
    hide: (texts) => {
      // The lines of a text come one by one. A text may be a part of another.
      const lines = texts.flatMap((each) => each.split('\n')).filter((each) => each.trim() !== '');
      hidden = lines.toSorted((a, b) => b.length - a.length);
    },
    write,
    say: (text) => void write(`[Container] ${stamp(new Date())} ${text}`),
    end: async () => void (await flush()),
  };
}

/** A build that is taken up again goes on in its stream. */
async function ensure(
  call: (operation: string, input: object) => Promise<unknown>,
  logStreamName: string,
): Promise<void> {
  const known = (error: unknown): void => {
    if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException')) throw error;
  };
  // Most roles may not make the group, which the stack has made.
  await call('CreateLogStream', { logStreamName }).catch(async (error) => {
    if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) return known(error);
    await call('CreateLogGroup', {}).catch(known);
    await call('CreateLogStream', { logStreamName }).catch(known);
  });
}

/** As CodeBuild writes a time: `2026/07/31 12:00:00.123000`. */
function stamp(now: Date): string {
  return `${now.toISOString().replaceAll('-', '/').replace('T', ' ').replace('Z', '')}000`;
}
