/** That a port cannot be listened on, and what to do. */
export function portRefused(port: number, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`port ${port} cannot be used (${why}): choose another with --port, or 0 for a free one`, {
    cause,
  });
}
