import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Written } from './blobs.ts';
import { ALGORITHMS, type Algorithm } from './checksums.ts';
import { algorithmName, checksumValueMembers } from './input.ts';

const given = {
  ...checksumValueMembers,
  ContentMD5: z.string().optional(),
  /** of the SHA-256 that the request is signed over, in hex */
  ContentSHA256: z.string().optional(),
  ChecksumAlgorithm: algorithmName,
  /** the name of the header that comes behind the body */
  Trailer: z.string().optional(),
  /** the trailers behind the body, filled when the body has been read */
  Trailers: z.custom<() => Record<string, string>>((value) => typeof value === 'function').optional(),
};

/** Members of a request with the checksums of its body. */
export const checksumMembers = given;

type ChecksumsInput = z.output<z.ZodObject<typeof given>>;

const trailersSchema = z.strictObject(checksumValueMembers);

/** The algorithms in which a request gives a checksum, in front of the body or behind it. */
export function algorithmsOf(request: ChecksumsInput): Set<Algorithm> {
  const trailer = request.Trailer?.replace(/^x-amz-checksum-/i, '').toUpperCase();
  const named: unknown[] = [request.ChecksumAlgorithm, trailer];
  const asked = ALGORITHMS.filter((name) => named.includes(name) || request[`Checksum${name}`] !== undefined);
  return new Set(request.ContentSHA256 === undefined ? asked : [...asked, 'SHA256']);
}

/**
 * Holds the checksums that a request gave against the bytes that came.
 * @returns those to be kept with the object: what was given, or else asked for by the algorithm's name
 * @throws BadDigest, XAmzContentSHA256Mismatch
 */
export function checkedChecksums(request: ChecksumsInput, { md5, sums }: Written): Record<string, string> {
  const { ContentMD5, ContentSHA256, ChecksumAlgorithm, Trailers } = request;
  const behind = trailersSchema.parse(Trailers?.() ?? {});
  if (ContentMD5 !== undefined && ContentMD5 !== Buffer.from(md5, 'hex').toString('base64'))
    throw badDigest('BadDigest', 'Content-MD5', ContentMD5);
  const sha256 = sums.get('SHA256') ?? '';
  if (ContentSHA256 !== undefined && ContentSHA256 !== Buffer.from(sha256, 'base64').toString('hex'))
    throw badDigest('XAmzContentSHA256Mismatch', 'x-amz-content-sha256', ContentSHA256);
  const kept = ALGORITHMS.flatMap((name): [string, string][] => {
    const member = `Checksum${name}` as const;
    const sum = sums.get(name);
    const value = behind[member] ?? request[member];
    if (value !== undefined && value !== sum) throw badDigest('BadDigest', name, value);
    const wanted = value !== undefined || ChecksumAlgorithm === name;
    return wanted && sum !== undefined ? [[member, sum]] : [];
  });
  return Object.fromEntries(kept);
}

const badDigest = (code: string, name: string, value: string): AwsError =>
  new AwsError(code, `the ${name} ${value} is not that of the body that came: send it again`);
