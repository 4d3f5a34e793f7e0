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
 * @throws InvalidURI, InvalidArgument
 */
export function addressOf(request: FastifyRequest): Address {
  const { path, query } = urlOf(request);
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

function checkEncoding(query: URLSearchParams): void {
  const encoding = query.get('encoding-type') ?? 'url';
  if (encoding !== 'url')
    throw new AwsError('InvalidArgument', `invalid encoding method ${encoding}: encoding-type takes url`);
}
