import { type Blob, removeBlobs, removeOthers } from './blobs.ts';
import { removeVersion } from './deletes.ts';
import { forget } from './multipart.ts';
import { type Bucket, type LifecycleRule, putCurrent, type State, type Version } from './state.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Carries out the buckets' life-cycle rules now and every hour. @returns ends it */
export async function startLifecycle(state: State): Promise<() => void> {
  await removeGarbage(state);
  await sweep(state);
  const timer = setInterval(() => {
    sweep(state).catch((error: unknown) => state.cloud.warn(`a life-cycle rule failed: ${String(error)}`));
  }, HOUR);
  timer.unref();
  return () => clearInterval(timer);
}

/** What was being written when the process was killed. */
async function removeGarbage({ folder, versions, parts }: State): Promise<void> {
  const known = new Set<string>();
  for (const { value } of versions.entries()) for (const { file } of value.blobs) known.add(file);
  for (const { value } of parts.entries()) known.add(value.blob.file);
  await removeOthers(folder, known);
}

/** Carries out every rule once. @param now ms since the epoch */
export async function sweep(state: State, now = Date.now()): Promise<void> {
  for (const { value: bucket } of state.buckets.entries())
    for (const rule of bucket.lifecycle) await apply(state, bucket, rule, now);
}

async function apply(state: State, bucket: Bucket, rule: LifecycleRule, now: number): Promise<void> {
  const garbage = await state.cloud.store.transaction(() => [
    ...[...keysOf(state, bucket, rule.prefix)].flatMap(([key, versions]) =>
      expire(state, bucket, rule, now, key, versions),
    ),
    ...abort(state, bucket, rule, now),
  ]);
  await removeBlobs(state.folder, garbage);
}

/** The versions of each key, the newest first. */
function keysOf(state: State, bucket: Bucket, prefix: string): Map<string, Version[]> {
  const keys = new Map<string, Version[]>();
  for (const { key, value } of state.versions.under([bucket.name])) {
    const name = Array.isArray(key) ? String(key[1]) : '';
    if (name.startsWith(prefix)) keys.set(name, [value, ...(keys.get(name) ?? [])]);
  }
  return keys;
}

function expire(
  state: State,
  bucket: Bucket,
  rule: LifecycleRule,
  now: number,
  key: string,
  versions: readonly Version[],
): Blob[] {
  const old = (since: number | undefined, days: number | undefined): boolean =>
    days !== undefined && since !== undefined && now - since >= days * DAY;
  const gone = versions.filter((_, index) => {
    // A version is noncurrent from when the next newer one was made.
    const kept = index <= (rule.newerNoncurrentVersions ?? 0);
    return index > 0 && !kept && old(versions[index - 1]?.modified, rule.noncurrentDays);
  });
  const [current] = versions;
  const lonely = current?.deleted === true && versions.length - gone.length === 1;
  if (current && lonely && rule.expiredDeleteMarker) gone.push(current);
  const expired = current && !current.deleted && old(current.modified, rule.expirationDays);
  const blobs = gone.flatMap(({ versionId }) => removeVersion(state, bucket.name, key, versionId).blobs);
  if (!expired) return blobs;
  if (!bucket.versioned)
    return [...blobs, ...removeVersion(state, bucket.name, key, current.versionId).blobs];
  putCurrent(state, bucket, key, {
    ...current,
    modified: now,
    deleted: true,
    etag: '',
    size: 0,
    blobs: [],
    metadata: {},
    headers: {},
    checksums: {},
  });
  return blobs;
}

function abort(state: State, bucket: Bucket, { abortDays, prefix }: LifecycleRule, now: number): Blob[] {
  if (abortDays === undefined) return [];
  const stale = [...state.uploads.entries()].filter(
    ({ value }) =>
      value.bucket === bucket.name && value.key.startsWith(prefix) && now - value.created >= abortDays * DAY,
  );
  return stale.flatMap(({ key }) => forget(state, String(key)));
}
