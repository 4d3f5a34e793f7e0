import { z } from 'zod';
import { type Answer, contentOf, type Entry, listSchema, page, versionsFrom } from './lists.ts';
import { bucketOf, numberOf, type State } from './state.ts';

const versionsSchema = listSchema.extend({
  KeyMarker: z.string().default(''),
  VersionIdMarker: z.string().optional(),
});

/** ListObjectVersions: versions and delete markers, the newest of a key first. */
export function listObjectVersions(state: State, input: unknown): Answer {
  const request = versionsSchema.parse(input);
  const { Bucket, Prefix: prefix, Delimiter: delimiter, MaxKeys: max, KeyMarker, VersionIdMarker } = request;
  bucketOf(state, Bucket);
  const groups = resumed(state, request);
  const rolled = page(
    groups,
    { prefix, delimiter, max: Number.MAX_SAFE_INTEGER, after: KeyMarker },
    (group) => group,
  );
  const shown = rolled.items.slice(0, max);
  const truncated = rolled.items.length > shown.length;
  const last = shown.at(-1);
  const described = shown.map((entry) => ({
    ...contentOf(entry),
    VersionId: entry.version.versionId,
    IsLatest: isLatest(state, Bucket, entry),
    deleted: entry.version.deleted,
  }));
  const without = ({ deleted: _, ...rest }: (typeof described)[number]) => rest;
  return {
    Name: Bucket,
    Prefix: prefix,
    Delimiter: delimiter,
    MaxKeys: max,
    KeyMarker,
    VersionIdMarker,
    IsTruncated: truncated,
    ...(truncated && last ? { NextKeyMarker: last.key, NextVersionIdMarker: last.version.versionId } : {}),
    Versions: described.filter(({ deleted }) => !deleted).map(without),
    DeleteMarkers: described.filter(({ deleted }) => deleted).map(without),
    CommonPrefixes: rolled.prefixes.map((Prefix) => ({ Prefix })),
  };
}

/** The versions from where the page before ended, which may be in the middle of a key. */
function* resumed(
  state: State,
  { Bucket, Prefix, KeyMarker, VersionIdMarker }: z.infer<typeof versionsSchema>,
): Generator<Entry[]> {
  if (VersionIdMarker !== undefined) {
    const all = [...state.versions.under([Bucket, KeyMarker], { reverse: true })];
    const seen = all.findIndex(({ value }) => value.versionId === VersionIdMarker);
    const rest = all
      .slice(seen + 1)
      .map(({ key, value }) => ({ key: KeyMarker, at: numberOf(key), version: value }));
    if (rest.length > 0) yield rest;
  }
  yield* versionsFrom(state, Bucket, Prefix, KeyMarker);
}

function isLatest(state: State, bucket: string, { key, at }: Entry): boolean {
  const [newest] = state.versions.under([bucket, key], { reverse: true, limit: 1 });
  return numberOf(newest?.key) === at;
}
