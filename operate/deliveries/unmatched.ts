import { type FilteredLogEvent, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type CameLine, readLine } from '../../events/delivery-line.ts';
import { UNMATCHED } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { type DeliveryRow, rowSchema } from './row.ts';

/** A delivery that no rule took, and what the log says of it. Nothing of it is verified. */
export interface Unmatched {
  readonly row: DeliveryRow;
  readonly line: CameLine;
}

// A rule's line comes within a second of the delivery's, on its own way.
const SETTLED_MS = 5000;
// Both lines of each delivery of a page of a thousand, in one read.
const PAGE = 2500;

interface Span {
  /** the oldest time wanted, ISO */
  readonly since: string;
  /** the newest time wanted, in ms since 1970; by default, whatever there is */
  readonly before?: number | undefined;
  /** how many pages of the log are read at most */
  readonly reads?: number;
}

/**
 * Deliveries that no rule took, newest first (I11): those of the log without the line of a rule.
 * @returns the time in ms down to which the log was read, when that is not all of the span
 */
export async function* unmatched(
  connection: Connection,
  { since, before, reads = Number.POSITIVE_INFINITY }: Span,
): AsyncGenerator<Unmatched, number | undefined> {
  // Both lines of a delivery have its time.
  let moment: FilteredLogEvent[] = [];
  let read = 0;
  for await (const events of pagesOf(connection, { startTime: Date.parse(since), endTime: before })) {
    for (const event of events) {
      if (event.timestamp !== moment[0]?.timestamp) {
        yield* withoutRule(moment);
        moment = [];
      }
      moment.push(event);
    }
    // An empty page does not say how far it came, nor does a page of the first moment alone.
    if (events.length > 0 && moment[0]?.timestamp !== before) read += 1;
    if (read >= reads) return moment[0]?.timestamp;
  }
  yield* withoutRule(moment);
  return undefined;
}

/** The newest delivery that no rule took of those whose id begins so. */
export async function unmatchedOf(
  connection: Connection,
  deliveryId: string,
  since: string,
): Promise<DeliveryRow | undefined> {
  const search = { startTime: Date.parse(since), filterPattern: `"${deliveryId.replaceAll('"', '')}"` };
  for await (const events of pagesOf(connection, search))
    for (const event of events) {
      const line = readLine(event.message ?? '');
      if (line?.kind !== 'came' || !line.deliveryId.startsWith(deliveryId)) continue;
      const found = await unmatchedAt(connection, event.timestamp ?? 0, line.eventId);
      if (found) return found.row;
    }
  return undefined;
}

/** A delivery by its row's id. @returns undefined for an id of another kind, and for a delivery that a rule took */
export async function unmatchedById(connection: Connection, id: string): Promise<Unmatched | undefined> {
  const [kind, time = '', eventId = ''] = id.split('#');
  if (kind !== UNMATCHED || Number.isNaN(Date.parse(time))) return undefined;
  return unmatchedAt(connection, Date.parse(time), eventId);
}

async function unmatchedAt(
  connection: Connection,
  time: number,
  eventId: string,
): Promise<Unmatched | undefined> {
  const lines: FilteredLogEvent[] = [];
  const search = { startTime: time, endTime: time, filterPattern: `"${eventId.replaceAll('"', '')}"` };
  for await (const events of pagesOf(connection, search)) lines.push(...events);
  return withoutRule(lines).find(({ line }) => line.eventId === eventId);
}

interface Search {
  readonly startTime: number;
  readonly endTime?: number | undefined;
  readonly filterPattern?: string;
}

/** Pages of the log, newest first; a page may be empty. */
async function* pagesOf(
  { logs, outputs }: Connection,
  { startTime, endTime, filterPattern }: Search,
): AsyncGenerator<readonly FilteredLogEvent[]> {
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: outputs.deliveryLog,
        startTime,
        startFromHead: false,
        limit: PAGE,
        ...(endTime === undefined ? {} : { endTime }),
        ...(filterPattern === undefined ? {} : { filterPattern }),
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    yield page.events ?? [];
    nextToken = page.nextToken;
  } while (nextToken);
}

/** The deliveries of one moment without a rule's line: each once, as EventBridge may write a line again. */
function withoutRule(events: readonly FilteredLogEvent[]): Unmatched[] {
  const taken = new Set<string>();
  const came = new Map<string, CameLine & { readonly at: number }>();
  for (const { message = '', timestamp = 0, ingestionTime = 0 } of events) {
    const line = readLine(message);
    // A replay takes what nobody took when it came: the replay's own record says so.
    if (line?.kind === 'taken' && line.replayName === '') taken.add(line.eventId);
    const isSettled = Date.now() - ingestionTime >= SETTLED_MS;
    if (line?.kind === 'came' && isSettled) came.set(line.eventId, { ...line, at: timestamp });
  }
  return [...came.values()]
    .filter(({ eventId }) => !taken.has(eventId))
    .map(({ at, ...line }) => ({ line, row: rowOf(line, new Date(at).toISOString()) }));
}

// What a line could not hold is no name.
const named = (word: string): string => (word === '?' ? '' : word);

function rowOf(line: CameLine, receivedAt: string): DeliveryRow {
  const { host, event, deliveryId, eventId } = line;
  return rowSchema.parse({
    id: `${UNMATCHED}#${receivedAt}#${eventId}`,
    executionArn: '',
    rule: '',
    host,
    event,
    deliveryId,
    repository: named(line.repository),
    ref: named(line.ref),
    receivedAt,
    updatedAt: receivedAt,
    outcome: UNMATCHED,
    verified: false,
  });
}
