import { PassThrough } from 'node:stream';
import type { FailureAnswer } from '../api.ts';
import { messageOf } from './answers.ts';

export const LINES_TYPE = 'application/x-ndjson';

/**
 * A line of JSON for each step of a long work, and at its end its result or the failure.
 * @param work is told by the signal that the reader has closed the connection
 */
export function lineStream<Progress extends object, Result>(
  work: (write: (line: Progress) => void, signal: AbortSignal) => Promise<Result>,
): PassThrough {
  const lines = new PassThrough();
  const gone = new AbortController();
  lines.once('close', () => gone.abort());
  const write = (line: Progress | { readonly result: Result } | FailureAnswer): void => {
    if (!gone.signal.aborted) lines.write(`${JSON.stringify(line)}\n`);
  };
  work(write, gone.signal)
    .then((result) => write({ result }))
    .catch((error: unknown) => write({ message: messageOf(error) }))
    .finally(() => lines.end());
  return lines;
}
