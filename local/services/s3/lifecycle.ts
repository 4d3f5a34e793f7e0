import { startSweeper } from '../../core/sweeper.ts';
import type { Blob } from './blobs.ts';
import { addDeleteMarker, removeVersion } from './deletes.ts';
import { removeUpload } from './multipart.ts';
import { versionsFrom } from './page.ts';
import type { Bucket, LifecycleRule, State, Version } from './tables.ts';

const DAY = 24 * 3_600_000;

/**
 * Removes what was being written when the process was killed, then carries out the buckets' life-cycle rules,
 * now and every hour.
 * @returns what stops it
 */
export async function startLifecycle(state: State): Promise<() => Promise<void>> {
  await removeGarbage(state);
  return startSweeper({
    sweep: (stopping) => sweep(state, stopping),
    onError: (error) =>
      state.cloud.warn(`the buckets' life-cycle rules could not be carried out: ${String(error)}`),
  });
}

async function removeGarbage({ blobs, versions, parts }: State): Promise<void> {
  const known = new Set<string>();
  for (const { value } of versions.entries()) for (const { file } of value.blobs) known.add(file);
  for (const { value } of parts.entries()) known.add(value.blob.file);
  await blobs.keep(known);
}

async function sweep(state: State, stopping: AbortSignal): Promise<void> {
  const now = Date.now();
  for (const { value: bucket } of [...state.buckets.entries()])
    for (const rule of bucket.lifecycle) {
      for (const [key, versions] of keysOf(state, bucket, rule.prefix)) {
        if (stopping.aborted) return;
        if (!isDue(rule, now, versions)) continue;
        await state.blobs.remove(
          await state.cloud.store.transaction(() => expire(state, bucket, rule, now, key)),
        );
      }
      await state.blobs.remove(await state.cloud.store.transaction(() => abort(state, bucket, rule, now)));
    }
}

/** The versions of each key, the newest first. */
function keysOf(state: State, bucket: Bucket, prefix: string): Map<string, Version[]> {
  const groups = [...versionsFrom(state, bucket.name, prefix, '')];
  return new Map(groups.map((group) => [group[0]?.key ?? '', group.map(({ version }) => version)]));
}

interface Due {
  readonly gone: readonly Version[];
  /** the current version has come to its end */
  readonly expired: boolean;
}

function dueOf(rule: LifecycleRule, now: number, versions: readonly Version[]): Due {
  const isOld = (since: number | undefined, days: number | undefined): boolean =>
    days !== undefined && since !== undefined && now - since >= days * DAY;
  const [current] = versions;
  const gone = versions.filter(
    (_, index) =>
      index > (rule.newerNoncurrentVersions ?? 0) &&
      // A version is noncurrent from when the next newer one was made.
      isOld(versions[index - 1]?.modified, rule.noncurrentDays),
  );
  const isLonelyMarker = current?.deleted === true && versions.length - gone.length === 1;
  if (isLonelyMarker && rule.expiredDeleteMarker) gone.push(current);
  return { gone, expired: current?.deleted === false && isOld(current.modified, rule.expirationDays) };
}

function isDue(rule: LifecycleRule, now: number, versions: readonly Version[]): boolean {
  const { gone, expired } = dueOf(rule, now, versions);
  return expired || gone.length > 0;
}

/** Must run inside a transaction, and so looks again. @returns the blobs of what it removed */
function expire(state: State, bucket: Bucket, rule: LifecycleRule, now: number, key: string): Blob[] {
  const versions = [...state.versions.under([bucket.name, key], { reverse: true })].map(({ value }) => value);
  const { gone, expired } = dueOf(rule, now, versions);
  const [current] = versions;
  if (expired && bucket.versioned) addDeleteMarker(state, bucket, key);
  const removed = expired && !bucket.versioned && current ? [...gone, current] : gone;
  return removed.flatMap(({ versionId }) => removeVersion(state, bucket.name, key, versionId).blobs);
}

function abort(state: State, bucket: Bucket, { abortDays, prefix }: LifecycleRule, now: number): Blob[] {
  if (abortDays === undefined) return [];
  const stale = [...state.uploads.entries()].filter(
    ({ value }) =>
      value.bucket === bucket.name && value.key.startsWith(prefix) && now - value.created >= abortDays * DAY,
  );
  return stale.flatMap(({ key }) => removeUpload(state, String(key)));
}
