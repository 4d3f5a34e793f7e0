import { errors } from './errors.ts';

/**
 * After so long a function has settings that are newer than the delivery: it reads them again once in 5 s, and counts
 * what it read within 2 s of the delivery's time as older.
 */
export const SETTINGS_OLD_SECONDS = 8;

/**
 * The retry of a delivery whose host may have been added a moment ago. One attempt decides; more are taken when the
 * settings cannot be read. What anybody can cause costs one transition more.
 */
export const settingsOldRetry = {
  ErrorEquals: [errors.settingsOld],
  IntervalSeconds: SETTINGS_OLD_SECONDS,
  MaxAttempts: 5,
  BackoffRate: 1,
};
