import type { DeliveryRow } from '../../api.ts';
import { about, duration } from '../parts/format.ts';

/**
 * How long a delivery's execution has taken, as exactly as it is known; `''` when it is not.
 * @param now ms since 1970 while it runs; undefined when it has ended
 */
export function took(row: DeliveryRow, now: number | undefined): string {
  const { claimedAt, receivedAt, updatedAt, replayName } = row;
  // A replayed event keeps the time at which it was first received.
  const start = claimedAt || (replayName === '' ? receivedAt : '');
  if (start === '') return '';
  if (now !== undefined) return about(now - Date.parse(start));
  const ms = Date.parse(updatedAt) - Date.parse(start);
  return claimedAt === '' ? about(ms) : duration(ms);
}
