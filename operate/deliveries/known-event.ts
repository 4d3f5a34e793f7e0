import { ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { detailOf } from '../../events/bus-event.ts';
import type { CameLine } from '../../events/delivery-line.ts';
import { UNMATCHED } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { type BusEvent, busEvent, eventOf } from './event.ts';
import type { DeliveryRow } from './row.ts';
import { unmatchedById } from './unmatched.ts';

/** An event with what is known of it. */
export interface KnownEvent {
  readonly event: BusEvent;
  /** whether a member of the `detail`, `payload.ref`, is known, or known to be missing; left out, all of them are */
  readonly knows?: (path: string) => boolean;
}

/**
 * The event that a delivery came from. Of one that no rule took, the log of deliveries has a few members; the archive, which
 * has the whole, can be replayed and not read.
 * @returns undefined for one that was too large for an execution's input
 */
export async function knownEventOf(
  connection: Connection,
  row: DeliveryRow,
): Promise<KnownEvent | undefined> {
  if (row.outcome === UNMATCHED) {
    const found = await unmatchedById(connection, row.id);
    return found && eventOfLine(found.line, row.receivedAt);
  }
  const event = await eventOf(connection, row);
  return event && { event };
}

/** The same; undefined too when the execution that held the event is kept no more. */
export async function keptEventOf(connection: Connection, row: DeliveryRow): Promise<KnownEvent | undefined> {
  return knownEventOf(connection, row).catch((error: unknown) => {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  });
}

const UNKNOWN = '?';

export function eventOfLine(line: CameLine, time: string): KnownEvent {
  const { eventId, provider, host, event, deliveryId, bytes, repository, ref } = line;
  const payload = {
    ...(isName(repository) ? { repository: { full_name: repository } } : {}),
    ...(isName(ref) ? { ref } : {}),
  };
  const headers = { event, delivery: deliveryId, signature: '' };
  // The size is there where the door has written the line's names.
  const told = bytes > 0 ? { 'payload.repository.full_name': repository, 'payload.ref': ref } : {};
  const known = new Set([
    ...['provider', 'host', 'event', 'deliveryId', 'headers.event', 'headers.delivery'],
    ...Object.entries(told).flatMap(([path, word]) => (word === UNKNOWN ? [] : [path])),
  ]);
  const detail = detailOf({ provider, host, headers, body: '' }, payload);
  return { event: busEvent({ id: eventId, time, detail }), knows: (path) => known.has(path) };
}

const isName = (word: string): boolean => word !== '' && word !== UNKNOWN;
