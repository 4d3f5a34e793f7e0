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
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*')
    throw notImplemented(`If-None-Match of a write takes *, not ${IfNoneMatch}`);
  if (IfMatch === '*') throw notImplemented('If-Match of a write takes a tag, not *');
  if (IfMatch !== undefined && IfNoneMatch !== undefined)
    throw notImplemented('a write takes one of If-Match and If-None-Match, not both');
  if (IfNoneMatch === '*' && current && !current.deleted) throw failed('If-None-Match');
  checkDelete(IfMatch, current, key);
}

/** Of a deletion, `*` asks for any object. @throws PreconditionFailed, or NoSuchKey for an If-Match on nothing */
export function checkDelete(ifMatch: string | undefined, current: Version | undefined, key: string): void {
  if (ifMatch === undefined) return;
  if (!current || current.deleted)
    throw new AwsError('NoSuchKey', `there is no object ${key} for If-Match`, 404);
  if (!sameTag(ifMatch, current.etag)) throw failed('If-Match');
}

const notImplemented = (message: string): AwsError => new AwsError('NotImplemented', message, 501);

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
      ? // A date in the future says nothing.
        IfModifiedSince !== undefined && IfModifiedSince.getTime() <= Date.now() && !isNewer(IfModifiedSince)
      : sameTag(IfNoneMatch, etag);
  if (unchanged)
    throw new AwsError('NotModified', 'the object is the one that you have', 304, { ETag: `"${etag}"` });
}

/** A copy whose source's conditions do not hold is refused; only a reader has anything to go on with. @throws PreconditionFailed */
export function checkSource(conditions: ReadConditions, source: Version): void {
  try {
    checkRead(conditions, source);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NotModified') throw failed('of the copy source');
    throw error;
  }
}

/**
 * A write with a condition that was overtaken while its parts were uploaded.
 * @param since when the upload began, in ms since the epoch
 * @throws ConditionalRequestConflict, upon which a client begins the upload again
 */
export function checkConflict(
  { IfMatch, IfNoneMatch }: WriteConditions,
  current: Version | undefined,
  since: number,
): void {
  if ((IfMatch === undefined && IfNoneMatch === undefined) || !current || current.modified <= since) return;
  throw new AwsError(
    'ConditionalRequestConflict',
    'the object was written or deleted while the parts were uploaded: begin the upload again',
    409,
  );
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
