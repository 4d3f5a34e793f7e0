import * as z from 'zod';
import { bucketMembers, MAX_KEY_BYTES, pageSize } from './input.ts';
import { compareKeys } from './multipart.ts';
import { numberOf, type State, type Version } from './tables.ts';

/** Members of every request for a list of objects. */
export const listMembers = {
  ...bucketMembers,
  Prefix: z.string().default(''),
  Delimiter: z.string().optional(),
  MaxKeys: pageSize(),
};

export interface Entry {
  readonly key: string;
  readonly at: number;
  readonly version: Version;
}

/** The versions of each key behind `after`, in the order of the keys, and of a key the newest first. */
export function* versionsFrom(
  { versions }: State,
  bucket: string,
  prefix: string,
  after: string,
): Generator<Entry[]> {
  // No key has more bytes, so that what is longer sorts between keys as its beginning does.
  const from = (compareKeys(after, prefix) > 0 ? after : prefix).slice(0, MAX_KEY_BYTES + 1);
  let group: Entry[] = [];
  for (const { key: name, value } of versions.entries({ start: [bucket, from] })) {
    const [owner, key] = Array.isArray(name) ? name.map(String) : [];
    if (owner !== bucket || key === undefined || !key.startsWith(prefix)) break;
    if (key === after) continue;
    if (group[0] && group[0].key !== key) {
      yield group.reverse();
      group = [];
    }
    group.push({ key, at: numberOf(name), version: value });
  }
  if (group.length > 0) yield group.reverse();
}

export interface Page {
  readonly items: Entry[];
  readonly prefixes: string[];
  readonly truncated: boolean;
  /** what the page ends with, to go on behind: a key, a version of it, or a roll-up */
  readonly last: { readonly key: string; readonly versionId?: string } | undefined;
}

interface Cut {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly max: number;
  /** what the page before ended with */
  readonly after: string;
}

/** One page of what stands at the keys, and of what a delimiter rolls up. */
export function page(groups: Iterable<Entry[]>, { prefix, delimiter, max, after }: Cut): Page {
  const items: Entry[] = [];
  const prefixes = new Set<string>();
  let last: Page['last'];
  for (const entry of entriesOf(groups)) {
    const rolled = rolledUp(entry.key, prefix, delimiter);
    // The page before ended with this very roll-up.
    if (rolled !== undefined && (prefixes.has(rolled) || after.startsWith(rolled))) continue;
    if (items.length + prefixes.size >= max)
      return { items, prefixes: [...prefixes], truncated: max > 0, last };
    if (rolled === undefined) items.push(entry);
    else prefixes.add(rolled);
    last = rolled === undefined ? { key: entry.key, versionId: entry.version.versionId } : { key: rolled };
  }
  return { items, prefixes: [...prefixes], truncated: false, last };
}

function* entriesOf(groups: Iterable<Entry[]>): Generator<Entry> {
  for (const group of groups) yield* group;
}

function rolledUp(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** An entry as the lists show it. */
export function contentOf({ key, version }: Entry) {
  return {
    Key: key,
    LastModified: new Date(version.modified),
    ETag: `"${version.etag}"`,
    Size: version.size,
    StorageClass: 'STANDARD',
  };
}
