import * as z from 'zod';

/** A time in a request: seconds since 1970 on the wire, a Date from inside of the runtime; gives milliseconds. */
export const timestamp = z
  .union([z.number(), z.date()])
  .transform((time) => (typeof time === 'number' ? Math.round(time * 1000) : time.getTime()));

/** A time in an answer: milliseconds since 1970 as the seconds of AWS's JSON. */
export function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
