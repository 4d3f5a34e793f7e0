import type { FastifyRequest } from 'fastify';
import { AwsError } from '../../../core/aws-error.ts';
import { urlOf } from '../../../http/url.ts';

/** The bucket and the key of a request, and its query. */
export interface Address {
  /** `''` for the account */
  readonly bucket: string;
  /** `''` for the bucket itself */
  readonly key: string;
  readonly query: URLSearchParams;
}

/**
 * Reads `/bucket/key`, or `/key` at `bucket.localhost`.
 * @throws InvalidURI, InvalidArgument, and AccessDenied for a presigned URL whose time is over
 */
export function addressOf(request: FastifyRequest): Address {
  const { path, query } = urlOf(request);
  checkExpiry(query);
  checkEncoding(query);
  const host = /^(.+)\.localhost(?::\d+)?$/.exec(request.headers.host ?? '')?.[1];
  const parts = path.slice(1).split('/');
  const [bucket = '', ...key] = host === undefined ? parts : [host, ...parts];
  return { bucket: decoded(bucket), key: decoded(key.join('/')), query };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('InvalidURI', `${part} is not URL encoded UTF-8`);
  }
}

const SIGNED_AT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function checkExpiry(query: URLSearchParams): void {
  const seconds = query.get('X-Amz-Expires');
  if (seconds === null) return;
  const signed = query.get('X-Amz-Date') ?? '';
  const end = Date.parse(signed.replace(SIGNED_AT, '$1-$2-$3T$4:$5:$6Z')) + Number(seconds) * 1000;
  if (Number.isNaN(end))
    throw new AwsError(
      'AuthorizationQueryParametersError',
      `X-Amz-Date ${signed} and X-Amz-Expires ${seconds} are no time: sign the URL again`,
    );
  if (end < Date.now())
    throw new AwsError(
      'AccessDenied',
      `Request has expired: the URL was good until ${new Date(end).toISOString()}`,
      403,
    );
}

function checkEncoding(query: URLSearchParams): void {
  const encoding = query.get('encoding-type') ?? 'url';
  if (encoding !== 'url')
    throw new AwsError('InvalidArgument', `invalid encoding method ${encoding}: encoding-type takes url`);
}
