/** `1.2 s`, `3 min 20 s` */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(Math.max(0, ms) / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
}

/** The times of a delivery, ISO, as its row has them. */
interface Times {
  readonly claimedAt: string;
  readonly receivedAt: string;
  readonly updatedAt: string;
  readonly replayName: string;
}

/**
 * The duration of a delivery's execution, in ms; undefined when its beginning is not known.
 * @param now ms since 1970 while the execution runs; undefined when it has ended
 */
export function tookMs(
  { claimedAt, receivedAt, updatedAt, replayName }: Times,
  now: number | undefined,
): number | undefined {
  // A replayed event keeps the time at which it was first received.
  const start = claimedAt || (replayName === '' ? receivedAt : '');
  return start === '' ? undefined : (now ?? Date.parse(updatedAt)) - Date.parse(start);
}

/**
 * The duration of a delivery's execution in ms, as a list of deliveries has it. What was never claimed has only the
 * execution's own times.
 * @param now ms since 1970
 */
export function executionMs(
  row: Times,
  { startedAt, endedAt }: { readonly startedAt: string; readonly endedAt?: string | undefined },
  now: number,
): number {
  const taken = row.claimedAt === '' ? undefined : tookMs(row, endedAt === undefined ? now : undefined);
  return taken ?? (endedAt === undefined ? now : Date.parse(endedAt)) - Date.parse(startedAt);
}

/** `12.3 MB` */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}

/** The message of the error that a function threw, from the cause that Step Functions makes of it; any other cause as it is. */
export function messageOf(cause: string): string {
  try {
    const { errorMessage }: { errorMessage?: unknown } = JSON.parse(cause);
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}

/** A message in the parts that a person reads: what was wrong and what to change, and where that was seen. */
export interface MessageParts {
  readonly sentence: string;
  /** the build and the address of its log, further lines, the JSON of a service; `''` for none */
  readonly details: string;
}

/** Takes what nobody reads first out of an error's message. */
export function messageParts(message: string): MessageParts {
  if (/^\s*[{[]/.test(message)) return { sentence: '', details: message };
  const [first = '', ...lines] = message.split('\n');
  const [, before = first, seen = '', after = ''] =
    /^(.*?) \(((?:git: |build ).*)\)(; it was built .*)?$/.exec(first) ?? [];
  const details = [...seen.replace(') (build ', '\nbuild ').split('\n'), ...lines];
  return { sentence: before + after, details: details.join('\n').trim() };
}

/** A ref as people call it: `main`, `tag v1`. */
export const shortRef = (ref: string): string =>
  ref.replace(/^refs\/heads\//, '').replace(/^refs\/tags\//, 'tag ');

/** The word for a status of a pipeline execution: `running` for `InProgress`. */
export const pipelineWord = (status: string): string =>
  status === 'InProgress' ? 'running' : status.toLowerCase();

/** How many there are of each outcome, in the order of their names. */
export function countsOf(rows: readonly { readonly outcome: string }[]): [outcome: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => a.localeCompare(b));
}

// A terminal obeys these characters, and a page hides them; the last kind turns a line's direction in both. Tabs and line ends are
// harmless.
const CONTROL_CHARACTERS = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/** Writes the control characters of a text as JSON does, as anybody may have sent the text. */
export const visible = (text: string): string =>
  text.replace(
    CONTROL_CHARACTERS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

// The same in every line of a function, or what the line stands beside.
const SAID_ELSEWHERE = new Set([
  ...['level', 'message', 'timestamp', 'service', 'sampling_rate', 'xray_trace_id', 'cold_start'],
  ...['function_arn', 'function_name', 'function_memory_size', 'function_request_id', 'executionArn', 'step'],
]);

/**
 * A line of a log for a person: `ERROR failed errorName=Rejected errorMessage="no webhook secret made it"`. A function writes
 * its lines as JSON; any other line stays.
 */
export function logText(line: string): string {
  const members = membersOf(line);
  if (members === undefined) return line;
  const { level, message } = members;
  const others = Object.entries(members)
    .filter(([name]) => !SAID_ELSEWHERE.has(name))
    .map(([name, value]) => `${name}=${wordOf(value)}`);
  return [String(level), String(message), ...others].join(' ');
}

function membersOf(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed: Readonly<Record<string, unknown>> = JSON.parse(line);
    return 'level' in parsed && 'message' in parsed ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const wordOf = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);
