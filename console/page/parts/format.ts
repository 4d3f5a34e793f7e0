export {
  countsOf,
  duration,
  messageOf,
  messageParts,
  pipelineWord,
  shortRef,
  size,
  tookMs,
  visible,
} from '../../../operate/format.ts';

/** A duration in whole seconds: the times of the bus's events are no finer. */
export function inWholeSeconds(ms: number): string {
  const seconds = Math.round(Math.max(0, ms) / 1000);
  if (seconds < 1) return 'under 1 s';
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `2026-01-31 09:00:00`, in the reader's own time zone. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}

/** A JSON text with indentation; any other text unchanged. */
export function indentedJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
