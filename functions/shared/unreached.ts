// After these the SDK has tried again some times within a second, and throws what Node says of the connection.
const CODES: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
]);

/** An error of AWS's SDK to which no service has answered, by the name of one that may pass; any other as it is. */
export function unreached(error: unknown): unknown {
  if (!(error instanceof Error && '$metadata' in error && 'code' in error && CODES.has(error.code)))
    return error;
  const named = new Error(`a service of AWS could not be reached: ${error.message}`, { cause: error });
  return Object.assign(named, { name: 'ServiceUnavailable' });
}
