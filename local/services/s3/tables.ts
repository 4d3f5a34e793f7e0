import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { Collection } from '../../core/store.ts';
import { type Blob, type Blobs, blobsIn } from './blobs.ts';
import type { Algorithm } from './checksums.ts';

export interface Bucket {
  readonly name: string;
  /** ms since the epoch */
  readonly created: number;
  readonly versioned: boolean;
  readonly lifecycle: readonly LifecycleRule[];
}

export interface LifecycleRule {
  readonly prefix: string;
  readonly expirationDays?: number | undefined;
  readonly noncurrentDays?: number | undefined;
  readonly newerNoncurrentVersions?: number | undefined;
  readonly abortDays?: number | undefined;
  readonly expiredDeleteMarker?: boolean | undefined;
}

/** A writer's description of an object beside its bytes, stored and given back unchanged. */
export interface Described {
  readonly metadata: Readonly<Record<string, string>>;
  /** by the member of the API: ContentType, CacheControl, … */
  readonly headers: Readonly<Record<string, string>>;
}

/** One version of an object, or a delete marker. */
export interface Version extends Described {
  readonly versionId: string;
  /** ms since the epoch */
  readonly modified: number;
  readonly deleted: boolean;
  readonly etag: string;
  readonly size: number;
  readonly blobs: readonly Blob[];
  /** by the member of the API: ChecksumCRC32, … */
  readonly checksums: Readonly<Record<string, string>>;
}

export interface Upload extends Described {
  /** the algorithm by which the parts' checksums make the object's */
  readonly algorithm?: Algorithm | undefined;
  readonly bucket: string;
  readonly key: string;
  readonly created: number;
}

export interface Part {
  readonly etag: string;
  readonly size: number;
  readonly blob: Blob;
  readonly modified: number;
  /** by the member of the API: ChecksumCRC32, … */
  readonly checksums: Readonly<Record<string, string>>;
}

export interface State {
  readonly cloud: Cloud;
  readonly blobs: Blobs;
  readonly buckets: Collection<Bucket>;
  /** [bucket, key, number]: the highest number is the current version */
  readonly versions: Collection<Version>;
  readonly uploads: Collection<Upload>;
  /** [upload, part number] */
  readonly parts: Collection<Part>;
}

export function stateOf(cloud: Cloud): State {
  return {
    cloud,
    blobs: blobsIn(cloud.store.folder('s3')),
    buckets: cloud.store.collection('s3/buckets'),
    versions: cloud.store.collection('s3/versions'),
    uploads: cloud.store.collection('s3/uploads'),
    parts: cloud.store.collection('s3/parts'),
  };
}

/** @throws NoSuchBucket */
export function bucketOf({ buckets }: State, name: string): Bucket {
  const bucket = buckets.get(name);
  if (bucket) return bucket;
  throw new AwsError(
    'NoSuchBucket',
    `the bucket ${name} does not exist: the template makes the buckets`,
    404,
  );
}

/** The current version with its number; a delete marker may be the current one. */
export function currentOf(
  { versions }: State,
  bucket: string,
  key: string,
): { at: number; version: Version } | undefined {
  const [newest] = versions.under([bucket, key], { reverse: true, limit: 1 });
  return newest && { at: numberOf(newest.key), version: newest.value };
}

/** The version of that id, be it a delete marker. */
export function versionOf(
  { versions }: State,
  bucket: string,
  key: string,
  versionId: string,
): Version | undefined {
  for (const { value } of versions.under([bucket, key])) if (value.versionId === versionId) return value;
  return undefined;
}

/** The number at the end of a version's key. */
export function numberOf(key: unknown): number {
  return Array.isArray(key) ? Number(key.at(-1)) : Number.NaN;
}

/**
 * Makes a version the current one. Must run inside a transaction with whatever it depends on.
 * @returns the blobs of what it replaced, to be removed once the transaction is on disk
 */
export function putCurrent(
  state: State,
  bucket: Bucket,
  key: string,
  version: Omit<Version, 'versionId'>,
): {
  stored: Version;
  replaced: readonly Blob[];
} {
  const stored: Version = {
    ...version,
    versionId: bucket.versioned ? randomUUID().replaceAll('-', '') : 'null',
  };
  const newest = currentOf(state, bucket.name, key);
  const at =
    newest && (bucket.versioned || newest.version.versionId !== 'null') ? newest.at + 1 : (newest?.at ?? 1);
  void state.versions.put([bucket.name, key, at], stored);
  const replaced = newest && newest.at === at ? newest.version.blobs : [];
  return { stored, replaced };
}
