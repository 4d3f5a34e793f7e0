/** A span of time, in ms since 1970: from inclusive, to exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const PRESETS = [
  { name: 'Last hour', ms: HOUR },
  { name: 'Last day', ms: DAY },
  { name: 'Last 7 days', ms: 7 * DAY },
  { name: 'All', ms: Number.POSITIVE_INFINITY },
] as const;

export type Preset = (typeof PRESETS)[number];

/** The span of a preset, which ends at this second. @param since time of the oldest event that the archive can hold */
export function rangeOf({ ms }: Preset, since: number, now = Date.now()): Range {
  const to = Math.ceil(now / SECOND) * SECOND;
  const from = Number.isFinite(ms) ? to - ms : Math.floor(since / SECOND) * SECOND;
  // The span has a minute at least, so that the brush can select a part of it.
  return { from: Math.min(from, to - 60 * SECOND), to };
}

export const rangeOfText = ({ from, to }: { readonly from: string; readonly to: string }): Range => ({
  from: Date.parse(from),
  to: Date.parse(to),
});

/** The shortest preset that holds the whole archive; a day for an archive that is longer. */
export function firstPreset(since: number, now = Date.now()): Preset {
  return now - since <= HOUR ? PRESETS[0] : PRESETS[1];
}

/** The nearest edge of a part of the view. */
export function snap(time: number, view: Range, parts: number): number {
  const part = (view.to - view.from) / parts;
  const at = Math.round((time - view.from) / part);
  return Math.round(view.from + Math.min(parts, Math.max(0, at)) * part);
}

/** A time's position in the view, from 0 to 1. */
export const fractionInView = (time: number, { from, to }: Range): number =>
  Math.min(1, Math.max(0, (time - from) / (to - from)));

/** The view, extended so that the selection is inside. */
export const viewIncluding = (view: Range, { from, to }: Range): Range =>
  from >= view.from && to <= view.to ? view : { from: Math.min(view.from, from), to: Math.max(view.to, to) };

export const isoOf = ({ from, to }: Range): { readonly from: string; readonly to: string } => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});
