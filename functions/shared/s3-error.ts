import { S3ServiceException } from '@aws-sdk/client-s3';
import { sdkErrors } from '../../statemachine/service-errors.ts';

/**
 * The name under which an error of S3 may pass; undefined for one that does not. The answer to a HEAD has no body, and so
 * no name: its status has to say whether it may.
 */
export function passingName({
  name,
  $metadata: { httpStatusCode = 0 },
}: S3ServiceException): string | undefined {
  return (
    sdkErrors.find((each) => each === name) ?? (httpStatusCode >= 500 ? 'ServiceUnavailable' : undefined)
  );
}

/** An error of S3 by the name under which it may pass; any other as it is. */
export function asPassing(error: unknown): unknown {
  if (!(error instanceof S3ServiceException)) return error;
  const name = passingName(error);
  if (name === undefined || name === error.name) return error;
  const named = new Error(`S3 answered ${error.$metadata.httpStatusCode} ${error.name}`, { cause: error });
  return Object.assign(named, { name });
}
