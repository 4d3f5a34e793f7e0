import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { conditionMembers } from './input.ts';
import type { Version } from './tables.ts';

type WriteConditions = z.output<z.ZodObject<typeof conditionMembers>>;

const moment = z.coerce.date().optional();

/** Conditions of a read; the dates as HTTP writes them. */
export const readConditionMembers = {
  ...conditionMembers,
  IfModifiedSince: moment,
  IfUnmodifiedSince: moment,
};

/** The parsed conditions of a read. */
export type ReadConditions = z.output<z.ZodObject<typeof readConditionMembers>>;

/** @throws PreconditionFailed, or NoSuchKey for an If-Match on nothing, when a write's conditions do not hold */
export function checkWrite(
  { IfMatch, IfNoneMatch }: WriteConditions,
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

/**
 * A date counts only where there is no tag to compare with, as RFC 9110 has it.
 * @throws PreconditionFailed or NotModified when a read's conditions do not hold
 */
export function checkRead(conditions: ReadConditions, { etag, modified }: Version): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  // A Last-Modified has whole seconds.
  const isNewer = (since: Date | undefined): boolean =>
    since !== undefined && Math.floor(modified / 1000) > since.getTime() / 1000;
  if (IfMatch === undefined ? isNewer(IfUnmodifiedSince) : !sameTag(IfMatch, etag))
    throw failed(IfMatch === undefined ? 'If-Unmodified-Since' : 'If-Match');
  const unchanged =
    IfNoneMatch === undefined
      ? IfModifiedSince !== undefined && !isNewer(IfModifiedSince)
      : sameTag(IfNoneMatch, etag);
  if (unchanged)
    throw new AwsError('NotModified', 'the object is the one that you have', 304, { ETag: `"${etag}"` });
}

function sameTag(condition: string, etag: string): boolean {
  return condition === '*' || condition.split(',').some((tag) => tag.trim().replace(/^"|"$/g, '') === etag);
}

function failed(condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    `the condition ${condition} does not hold: the object has changed since`,
    412,
  );
}
