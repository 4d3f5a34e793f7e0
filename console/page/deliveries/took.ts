import type { DeliveryRow } from '../../api.ts';
import { about, duration, tookMs } from '../parts/format.ts';

/**
 * How long a delivery's execution has taken, as exactly as it is known; `''` when it is not.
 * @param now ms since 1970 while it runs; undefined when it has ended
 */
export function took(row: DeliveryRow, now: number | undefined): string {
  const ms = tookMs(row, now);
  if (ms === undefined) return '';
  return now !== undefined || row.claimedAt === '' ? about(ms) : duration(ms);
}
