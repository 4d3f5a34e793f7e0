import type { DeliveryRow } from '../../api.ts';
import { duration, inWholeSeconds, tookMs } from '../parts/format.ts';

/**
 * The duration of a delivery's execution, as exactly as it is known; `''` when it is not known.
 * @param now ms since 1970 while the execution runs; undefined when it has ended
 */
export function executionDuration(row: DeliveryRow, now: number | undefined): string {
  const ms = tookMs(row, now);
  if (ms === undefined) return '';
  return now !== undefined || row.claimedAt === '' ? inWholeSeconds(ms) : duration(ms);
}
