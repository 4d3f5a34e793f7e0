import * as z from 'zod';
import { operation } from '../../core/gate.ts';
import type { Answer } from './input.ts';
import { contentOf, type Entry, listMembers, page, versionsFrom } from './page.ts';
import { bucketOf, currentOf, numberOf, type State } from './tables.ts';

const versionsSchema = z.strictObject({
  ...listMembers,
  KeyMarker: z.string().default(''),
  VersionIdMarker: z.string().optional(),
});

type List = z.infer<typeof versionsSchema>;

/** ListObjectVersions: versions and delete markers, the newest of a key first. */
export const listObjectVersions = (state: State) =>
  operation(versionsSchema, (request) => list(state, request));

function list(state: State, request: List): Answer {
  const { Bucket, Prefix, Delimiter, MaxKeys, KeyMarker, VersionIdMarker } = request;
  bucketOf(state, Bucket);
  const { items, prefixes, truncated, last } = page(resumed(state, request), {
    prefix: Prefix,
    delimiter: Delimiter,
    max: MaxKeys,
    after: KeyMarker,
  });
  const shown = (deleted: boolean) => items.filter(({ version }) => version.deleted === deleted);
  return {
    Name: Bucket,
    Prefix,
    Delimiter,
    MaxKeys,
    KeyMarker,
    VersionIdMarker,
    IsTruncated: truncated,
    NextKeyMarker: truncated ? last?.key : undefined,
    NextVersionIdMarker: truncated ? last?.versionId : undefined,
    Versions: shown(false).map((entry) => ({ ...contentOf(entry), ...versioned(state, Bucket, entry) })),
    DeleteMarkers: shown(true).map((entry) => ({
      Key: entry.key,
      LastModified: new Date(entry.version.modified),
      ...versioned(state, Bucket, entry),
    })),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: prefix })),
  };
}

/** The versions from where the page before ended, which may be in the middle of a key. */
function* resumed(state: State, { Bucket, Prefix, KeyMarker, VersionIdMarker }: List): Generator<Entry[]> {
  if (VersionIdMarker !== undefined) {
    const all = [...state.versions.under([Bucket, KeyMarker], { reverse: true })];
    // A marker that has been deleted since is not found: then the whole key is shown again, and nothing is missed.
    const seen = all.findIndex(({ value }) => value.versionId === VersionIdMarker);
    yield all
      .slice(seen + 1)
      .map(({ key, value }) => ({ key: KeyMarker, at: numberOf(key), version: value }));
  }
  yield* versionsFrom(state, Bucket, Prefix, KeyMarker);
}

function versioned(state: State, bucket: string, { key, at, version }: Entry): Answer {
  return { VersionId: version.versionId, IsLatest: currentOf(state, bucket, key)?.at === at };
}
