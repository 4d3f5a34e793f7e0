import { z } from 'zod';
import { AwsError, unsupported } from '../aws-error.ts';
import type { Body, Written } from './blobs.ts';
import type { Described } from './state.ts';

const text = z.string().optional();

export const objectSchema = z.looseObject({ Bucket: z.string(), Key: z.string().min(1) });

/** Conditions on what stands at the key. */
export const conditionsSchema = z.looseObject({ IfMatch: text, IfNoneMatch: text });
export type Conditions = z.infer<typeof conditionsSchema>;

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
  const parsed = describedSchema.parse(input);
  for (const name of ['Tagging', 'ObjectLockMode', 'WebsiteRedirectLocation', 'SSECustomerAlgorithm'])
    if (parsed[name] !== undefined) throw unsupported(`${name} of an object`);
  const headers = HEADERS.flatMap((name) => (parsed[name] === undefined ? [] : [[name, parsed[name]]]));
  return { metadata: parsed.Metadata, headers: Object.fromEntries(headers) };
}

export function bodyOf(input: unknown): Body {
  const body: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'Body') : undefined;
  return (body ?? '') as Body;
}

const checksumSchema = z.looseObject({
  ContentMD5: text,
  ChecksumCRC32: text,
  ChecksumSHA1: text,
  ChecksumSHA256: text,
  ChecksumCRC32C: text,
  ChecksumCRC64NVME: text,
  /** what came behind the body, once that has been read */
  Trailers: z.custom<() => Record<string, string>>((value) => typeof value === 'function').optional(),
});

/**
 * Checks the checksums that a request gave, before the body or behind it, against the bytes that came.
 * @returns them, to be kept
 * @throws BadDigest
 */
export function checkedSums(input: unknown, { md5, digests }: Written): Record<string, string> {
  const { Trailers, ...before } = checksumSchema.parse(input);
  const given = checksumSchema.parse({ ...before, ...Trailers?.() });
  if (given.ChecksumCRC32C ?? given.ChecksumCRC64NVME)
    throw unsupported('the checksums CRC32C and CRC64NVME: use CRC32 or SHA256');
  if (given.ContentMD5 && given.ContentMD5 !== Buffer.from(md5, 'hex').toString('base64'))
    throw badDigest('Content-MD5', given.ContentMD5);
  const sums = (['CRC32', 'SHA1', 'SHA256'] as const).flatMap((name) => {
    const value = given[`Checksum${name}`];
    if (value !== undefined && value !== digests[name]) throw badDigest(name, value);
    return value === undefined ? [] : [[`Checksum${name}`, value]];
  });
  return Object.fromEntries(sums);
}

const badDigest = (name: string, value: string): AwsError =>
  new AwsError('BadDigest', `the ${name} ${value} is not that of the body that came: send it again`);

/** Whether a request gives a SHA digest, before the body or behind it. */
export function asksForSha(input: unknown): boolean {
  const { ChecksumAlgorithm, ChecksumSHA1, ChecksumSHA256, Trailer } = z
    .looseObject({ ChecksumAlgorithm: text, ChecksumSHA1: text, ChecksumSHA256: text, Trailer: text })
    .parse(input);
  return /sha/i.test([ChecksumAlgorithm, ChecksumSHA1 && 'sha', ChecksumSHA256 && 'sha', Trailer].join(' '));
}
