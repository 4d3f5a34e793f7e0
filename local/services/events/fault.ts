import { AwsError } from '../../core/aws-error.ts';

/** The reason why a target did not take an event, in the terms of a dead letter. */
export interface Fault {
  /** EventBridge's own word for it, as in a dead letter's ERROR_CODE */
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** milliseconds that the target asks to be left alone */
  readonly wait?: number;
}

/** An event that a target did not take, for a reason that is no error of AWS. */
export class Undelivered extends Error {
  override readonly name = 'Undelivered';
  constructor(readonly fault: Fault) {
    super(fault.message);
  }
}

const THROTTLED = /Throttl|TooManyRequests|LimitExceeded|RequestLimit|SlowDown/i;
const DENIED = /AccessDenied|NotAuthorized|UnauthorizedOperation|AuthorizationError/i;
const MISSING = /NotFound|DoesNotExist|NonExistent/i;

/** Sorts an error. A missing grant, a missing target and a refused input stay so; any other fault is worth a retry. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Undelivered) return error.fault;
  if (!(error instanceof AwsError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'INTERNAL_ERROR', message, retryable: true };
  }
  const { code, status } = error;
  const message = `${code}: ${error.message}`;
  if (status === 429 || THROTTLED.test(code)) return { code: 'THROTTLING', message, retryable: true };
  if (DENIED.test(code)) return { code: 'NO_PERMISSIONS', message, retryable: false };
  if (MISSING.test(code)) return { code: 'NO_RESOURCE', message, retryable: false };
  // 501 stands for what this runtime does not support, and a retry changes nothing about that.
  if (status < 500 || status === 501) return { code: 'SDK_CLIENT_ERROR', message, retryable: false };
  return { code: 'INTERNAL_ERROR', message, retryable: true };
}
