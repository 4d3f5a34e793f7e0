/** 1980-01-01, where a zip's clock (MS-DOS) begins. */
const earliestTime = 315_532_800;
/** 2106-02-07: the last second that fits both of `git archive`'s time fields; the clock itself ends in 2107. */
const latestTime = 2 ** 32 - 1;
/** The extended timestamp is signed for most readers. */
const latestSigned = 2 ** 31 - 1;

/** The nearest time that an entry of a zip can have. Both are epoch seconds. */
export function zipTime(time: number): number {
  return Math.min(Math.max(time, earliestTime), latestTime);
}

/** An entry's time as MS-DOS has it, in UTC and steps of two seconds: the date above the time, 32 bits. */
export function dosTime(time: number): number {
  const date = new Date(zipTime(time) * 1000);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const clock = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | clock) >>> 0;
}

/** Info-ZIP's extended timestamp, to the second and in UTC, as `git archive` has it; nothing for a time it cannot hold. */
export function timestampField(time: number): Buffer {
  const clamped = zipTime(time);
  if (clamped > latestSigned) return Buffer.alloc(0);
  const field = Buffer.alloc(9);
  field.write('UT');
  field.writeUInt16LE(5, 2);
  field.writeUInt8(1, 4); // the time of the last change, and no other
  field.writeInt32LE(clamped, 5);
  return field;
}
