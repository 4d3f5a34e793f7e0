import { Readable } from 'node:stream';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Body, Written } from './blobs.ts';
import { ALGORITHMS, type Algorithm } from './checksums.ts';
import type { Described } from './tables.ts';

const text = z.string().optional();

export type Answer = Record<string, unknown>;

// S3's own limit, in bytes of UTF-8.
const MAX_KEY_BYTES = 1024;

export const bucketSchema = z.looseObject({ Bucket: z.string() });

export const objectSchema = bucketSchema.extend({
  Key: z.string().min(1).transform(fitting),
});

function fitting(key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes <= MAX_KEY_BYTES) return key;
  throw new AwsError('KeyTooLongError', `the key has ${bytes} bytes of UTF-8, and may have ${MAX_KEY_BYTES}`);
}

/** Conditions on what stands at the key. */
export const conditionsSchema = z.looseObject({ IfMatch: text, IfNoneMatch: text });

const HEADERS = [
  'ContentType',
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'Expires',
] as const;

const describedSchema = z.looseObject({
  Metadata: z.record(z.string(), z.string()).default({}),
  ContentType: text,
  CacheControl: text,
  ContentDisposition: text,
  ContentEncoding: text,
  ContentLanguage: text,
  Expires: text,
});

/** What a request says of the object besides its bytes. @throws for what would have an effect that is not here */
export function describedBy(input: unknown): Described {
  refuseUnsupported(input);
  const parsed = describedSchema.parse(input);
  const headers = HEADERS.flatMap((name) => (parsed[name] === undefined ? [] : [[name, parsed[name]]]));
  return { metadata: parsed.Metadata, headers: Object.fromEntries(headers) };
}

// By member, the values that ask for nothing more than what is done anyway.
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  ACL: ['private', 'bucket-owner-full-control'],
  ObjectLockLegalHoldStatus: ['OFF'],
  ObjectLockMode: [],
  SSECustomerAlgorithm: [],
  StorageClass: ['STANDARD'],
  Tagging: [''],
  WebsiteRedirectLocation: [],
  WriteOffsetBytes: [],
};

/** @throws UnsupportedOperation for a member of a write that would have an effect that is not here */
export function refuseUnsupported(input: unknown): void {
  const given = z.looseObject({}).parse(input);
  for (const [name, harmless] of Object.entries(HARMLESS)) {
    const value = given[name];
    if (value !== undefined && !harmless.includes(String(value)))
      throw unsupported(`${name} ${String(value)} of an object`);
  }
}

const bodySchema = z.looseObject({
  Body: z
    .union([
      z.string(),
      z.custom<Uint8Array>((value) => value instanceof Uint8Array),
      z.custom<Readable>((value) => value instanceof Readable),
    ])
    .default(''),
});

export function bodyOf(input: unknown): Body {
  return bodySchema.parse(input).Body;
}

const checksumSchema = z.looseObject({
  ContentMD5: text,
  /** of the SHA-256 that the request is signed over, in hex */
  ContentSHA256: text,
  ChecksumAlgorithm: text,
  /** the name of the header that comes behind the body */
  Trailer: text,
  /** what came behind the body, once that has been read */
  Trailers: z.custom<() => Record<string, string>>((value) => typeof value === 'function').optional(),
});

/** The algorithms in which a request gives a checksum, in front of the body or behind it. */
export function algorithmsOf(input: unknown): Set<Algorithm> {
  const request = checksumSchema.parse(input);
  const trailer = request.Trailer?.replace(/^x-amz-checksum-/i, '');
  const named = [request.ChecksumAlgorithm, trailer].map((name) => name?.toUpperCase());
  const asked = ALGORITHMS.filter((name) => named.includes(name) || request[`Checksum${name}`] !== undefined);
  return new Set(request.ContentSHA256 === undefined ? asked : [...asked, 'SHA256']);
}

/**
 * Holds the checksums that a request gave against the bytes that came.
 * @returns those to be kept with the object: what was given, or else asked for by the algorithm's name
 * @throws BadDigest, XAmzContentSHA256Mismatch
 */
export function checkedSums(input: unknown, { md5, sums }: Written): Record<string, string> {
  const { Trailers, ...before } = checksumSchema.parse(input);
  const given = checksumSchema.parse({ ...before, ...Trailers?.() });
  const { ContentMD5, ContentSHA256, ChecksumAlgorithm } = given;
  if (ContentMD5 !== undefined && ContentMD5 !== Buffer.from(md5, 'hex').toString('base64'))
    throw badDigest('BadDigest', 'Content-MD5', ContentMD5);
  const sha256 = sums.get('SHA256') ?? '';
  if (ContentSHA256 !== undefined && ContentSHA256 !== Buffer.from(sha256, 'base64').toString('hex'))
    throw badDigest('XAmzContentSHA256Mismatch', 'x-amz-content-sha256', ContentSHA256);
  const kept = ALGORITHMS.flatMap((name): [string, string][] => {
    const [member, sum] = [`Checksum${name}`, sums.get(name)];
    const value = given[member];
    if (value !== undefined && value !== sum) throw badDigest('BadDigest', name, String(value));
    const wanted = value !== undefined || ChecksumAlgorithm?.toUpperCase() === name;
    return wanted && sum !== undefined ? [[member, sum]] : [];
  });
  return Object.fromEntries(kept);
}

const badDigest = (code: string, name: string, value: string): AwsError =>
  new AwsError(code, `the ${name} ${value} is not that of the body that came: send it again`);
