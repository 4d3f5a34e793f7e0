import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Principal } from '../../core/cloud.ts';
import { type Arrival, accept } from './accept.ts';
import { arrivalOf } from './arrival.ts';
import type { DeliveryQueue } from './queue.ts';
import { busName, type State } from './tables.ts';
import { timestamp } from './time.ts';

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html: 1 MB of all the request's entries since 2026-01
const MAX_BYTES = 1024 * 1024;
const MAX_ENTRIES = 10;
const TIME_BYTES = 14;
// In characters, as Scheduler documents them of PutEvents:
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EventBridgeParameters.html
const MAX_SOURCE = 256;
const MAX_DETAIL_TYPE = 128;

const entryInput = z.strictObject({
  Time: timestamp.optional(),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  EventBusName: z.string().optional(),
});
type Entry = z.infer<typeof entryInput>;

export const putEventsInput = z.strictObject({ Entries: z.array(entryInput).min(1).max(MAX_ENTRIES) });

interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Each entry is taken or refused on its own; answers when those taken are on disk. */
export async function putEvents(
  state: State,
  queue: DeliveryQueue,
  { Entries }: z.infer<typeof putEventsInput>,
  { principal }: Call,
) {
  const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > MAX_BYTES)
    throw new AwsError(
      'ValidationException',
      `Total size of the entries in the request is over the limit: ${bytes} of ${MAX_BYTES} bytes`,
    );
  const results = Entries.map((entry) => entryResult(state, entry, principal));
  const arrivals = results.flatMap((result) => ('arrival' in result ? (result.arrival ?? []) : []));
  await accept(state, queue, arrivals);
  return {
    FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
    Entries: results.map((result) => ('ErrorCode' in result ? result : { EventId: result.id })),
  };
}

/** As https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html counts. */
function sizeOf({ Time, Source = '', DetailType = '', Detail = '', Resources }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : TIME_BYTES);
}

function entryResult(
  state: State,
  entry: Entry,
  principal: Principal,
): Refusal | { id: string; arrival?: Arrival } {
  const { Source, DetailType, Detail, Resources, EventBusName, Time } = entry;
  if (!Source) return required('Source');
  if (!DetailType) return required('DetailType');
  if (!Detail) return required('Detail');
  if (Source.length > MAX_SOURCE) return tooLong('Source', MAX_SOURCE);
  if (DetailType.length > MAX_DETAIL_TYPE) return tooLong('DetailType', MAX_DETAIL_TYPE);
  if (Source.startsWith('aws.') && !isService(principal, Source))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const parsed = objectOf(Detail);
  if (!parsed) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const bus = busName(EventBusName);
  // EventBridge too takes an event to a bus that is not there, and brings it nowhere.
  if (!state.buses.has(bus)) {
    state.cloud.warn(
      `an event from ${Source} was put on event bus ${bus}, which does not exist: it is dropped`,
    );
    return { id: randomUUID() };
  }
  const arrival = arrivalOf(state, {
    bus,
    source: Source,
    detailType: DetailType,
    detail: Detail,
    parsed,
    resources: Resources,
    time: Time ?? Date.now(),
  });
  return { id: arrival.id, arrival };
}

/** Whether a service of AWS puts an event of its own: nobody is handed an access key of such a name. */
const isService = ({ accessKeyId }: Principal, source: string): boolean =>
  accessKeyId === `${source.slice('aws.'.length)}.amazonaws.com`;

const required = (name: string): Refusal => notValid(name, `${name} is a required argument.`);

const tooLong = (name: string, max: number): Refusal =>
  notValid(name, `${name} has more than ${max} characters.`);

function notValid(name: string, reason: string): Refusal {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}` };
}

function objectOf(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
