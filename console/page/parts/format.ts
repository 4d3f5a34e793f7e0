export {
  countsOf,
  duration,
  executionMs,
  logText,
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

/** A JSON text with indentation; any other text unchanged. */
export function indentedJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
