/**
 * That a port cannot be listened on, and what to do.
 * @param hint how whoever reads the error chooses another port, for example `with --port`
 */
export function portRefused(port: number, cause: unknown, hint?: string): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  const another = ['choose another', hint].filter(Boolean).join(' ');
  return new Error(`port ${port} cannot be used (${why}): ${another}, or 0 for a free one`, { cause });
}
