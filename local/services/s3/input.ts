import { Readable } from 'node:stream';
import * as z from 'zod';
import { ACCOUNT } from '../../core/account-and-region.ts';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { withoutEffect } from '../../core/gate.ts';
import { ALGORITHMS } from './checksums.ts';
import type { Described } from './tables.ts';

const text = z.string().optional();

export type Answer = Record<string, unknown>;

// S3's own limits, in bytes of UTF-8.
export const MAX_KEY_BYTES = 1024;
const MAX_METADATA_BYTES = 2048;

/** Members of every request to a bucket. */
export const bucketMembers = {
  Bucket: z.string(),
  ExpectedBucketOwner: z.string().transform(owner).optional(),
  // Nobody pays.
  ...withoutEffect('RequestPayer'),
};

/** Members of every request to an object. */
export const objectMembers = { ...bucketMembers, Key: z.string().min(1).transform(fitting) };

function owner(account: string): string {
  if (account === ACCOUNT) return account;
  throw new AwsError('AccessDenied', `the bucket is of the account ${ACCOUNT}, not of ${account}`, 403);
}

function fitting(key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes <= MAX_KEY_BYTES) return key;
  throw new AwsError('KeyTooLongError', `the key has ${bytes} bytes of UTF-8, and may have ${MAX_KEY_BYTES}`);
}

// As this S3 makes them. S3's own are of 32 characters too, or `null` for one from before its bucket had versions.
const VERSION_ID = /^(?:[0-9a-f]{32}|null)$/;

/** A version of an object. Another id than a version can have is InvalidArgument. */
export const versionMembers = {
  VersionId: z.string().regex(VERSION_ID, 'invalid version id specified').optional(),
};

/** Whether the versions of a bucket can have this id. */
export function isVersionId(id: string, { versioned }: { readonly versioned: boolean }): boolean {
  return versioned ? VERSION_ID.test(id) : id === 'null';
}

/** Conditions on what stands at the key. */
export const conditionMembers = { IfMatch: text, IfNoneMatch: text };

const HEADERS = {
  ContentType: text,
  CacheControl: text,
  ContentDisposition: text,
  ContentEncoding: text,
  ContentLanguage: text,
  Expires: text,
};

/** A member that S3 has and this runtime does not carry out: only values that change nothing are taken. */
function only(name: string, ...harmless: readonly string[]) {
  const checked = (value: string): string => {
    if (harmless.includes(value)) return value;
    throw unsupported(`${name} ${value} of an object`);
  };
  return z.coerce.string().transform(checked).optional();
}

const described = {
  Metadata: z.record(z.string(), z.string()).default({}),
  ...HEADERS,
  ACL: only('ACL', 'private', 'bucket-owner-full-control'),
  BucketKeyEnabled: only('BucketKeyEnabled', 'false'),
  ObjectLockLegalHoldStatus: only('ObjectLockLegalHoldStatus', 'OFF'),
  ServerSideEncryption: only('ServerSideEncryption', 'AES256'),
  StorageClass: only('StorageClass', 'STANDARD'),
  Tagging: only('Tagging', ''),
};

/** Members of a write that describe the object beside its bytes. */
export const describedMembers = described;

type DescribedInput = z.output<z.ZodObject<typeof described>>;

/** The description of the object in a request, beside its bytes. @throws MetadataTooLarge */
export function describedBy(request: DescribedInput): Described {
  const bytes = Object.entries(request.Metadata)
    .flat()
    .reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  if (bytes > MAX_METADATA_BYTES)
    throw new AwsError(
      'MetadataTooLarge',
      `the metadata has ${bytes} bytes of UTF-8 with its names, and may have ${MAX_METADATA_BYTES}`,
    );
  const headers = Object.entries(HEADERS).flatMap(([name]) => {
    const value = request[name as keyof typeof HEADERS];
    return value === undefined ? [] : [[name, value]];
  });
  return { metadata: request.Metadata, headers: Object.fromEntries(headers) };
}

/** The bytes of an object or a part. */
export const bodyMembers = {
  Body: z
    .union([
      z.string(),
      z.custom<Uint8Array>((value) => value instanceof Uint8Array),
      z.custom<Readable>((value) => value instanceof Readable),
    ])
    .default(''),
};

/** How many items a page holds: at most 1000, as in S3, whatever the request says. */
export function pageSize() {
  const MAX = 1000;
  return z.coerce
    .number()
    .int()
    .min(0)
    .transform((size) => Math.min(size, MAX))
    .default(MAX);
}

/** A checksum for each algorithm, in base64. */
export const checksumValueMembers = {
  ChecksumCRC32: text,
  ChecksumCRC32C: text,
  ChecksumCRC64NVME: text,
  ChecksumSHA1: text,
  ChecksumSHA256: text,
};

/** A checksum algorithm by its name in any case. */
export const algorithmName = z.string().toUpperCase().pipe(z.enum(ALGORITHMS)).optional();
