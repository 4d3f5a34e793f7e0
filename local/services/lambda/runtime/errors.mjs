/** Whatever was thrown, in the shape that Lambda answers with. */
export function describeError(thrown) {
  if (!(thrown instanceof Error) && typeof thrown?.stack !== 'string')
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return {
    errorType: thrown.name || 'Error',
    errorMessage: thrown.message,
    trace: String(thrown.stack).split('\n'),
  };
}
