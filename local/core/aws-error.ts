import { StateNotWritten } from './not-written.ts';

/**
 * An error as an AWS service answers it: the client sees `code` as the error's name.
 * @param code the service's own error code, for example `ResourceNotFoundException`
 * @param message lower case, holds the wrong value and says what to change
 * @param status the HTTP status, 400 by default
 * @param members what the error's shape has besides, for example the item of a failed condition
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** The answer to a call that this runtime does not carry out: never a quiet success. */
export function unsupported(what: string): AwsError {
  return new AwsError(
    'UnsupportedOperation',
    `the local runtime does not support ${what}; docs/local.md lists what it does`,
    501,
  );
}

/** The answer to an operation that a service does not have. */
export class UnknownOperation extends AwsError {
  constructor(service: string, operation: string) {
    const { code, message, status } = unsupported(`${service}:${operation}`);
    super(code, message, status);
  }
}

/** Any error as an AWS error; an unexpected error is reported as the runtime's own fault. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof Error && error.name === 'ZodError')
    return new AwsError('ValidationException', error.message);
  // A service that cannot store anything: nothing in this runtime's code is wrong.
  if (error instanceof StateNotWritten) return new AwsError('InternalFailure', error.message, 500);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError('InternalFailure', `the local runtime failed: ${message}`, 500);
}
