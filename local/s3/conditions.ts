import { AwsError } from '../aws-error.ts';
import type { Conditions } from './input.ts';
import type { Version } from './state.ts';

/** @throws PreconditionFailed, or NoSuchKey for an If-Match on nothing, when a write's conditions do not hold */
export function checkWrite(
  { IfMatch, IfNoneMatch }: Conditions,
  current: Version | undefined,
  key: string,
): void {
  const present = current && !current.deleted ? current : undefined;
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*')
    throw new AwsError('NotImplemented', `If-None-Match of a write takes *, not ${IfNoneMatch}`, 501);
  if (IfNoneMatch === '*' && present) throw failed('If-None-Match');
  if (IfMatch === undefined) return;
  if (!present) throw new AwsError('NoSuchKey', `there is no object ${key} for If-Match`, 404);
  if (!sameTag(IfMatch, present.etag)) throw failed('If-Match');
}

/** @throws PreconditionFailed or NotModified when a read's conditions do not hold */
export function checkRead({ IfMatch, IfNoneMatch }: Conditions, { etag }: Version): void {
  if (IfMatch !== undefined && !sameTag(IfMatch, etag)) throw failed('If-Match');
  if (IfNoneMatch !== undefined && sameTag(IfNoneMatch, etag))
    throw new AwsError('NotModified', 'the object is the one that you have', 304);
}

function sameTag(condition: string, etag: string): boolean {
  return condition === '*' || condition.split(',').some((tag) => tag.trim().replace(/^"|"$/g, '') === etag);
}

export function failed(condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    `the condition ${condition} does not hold: the object has changed since`,
    412,
  );
}
