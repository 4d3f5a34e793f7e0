import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import { bucketOf, type State, type Version } from './state.ts';

export const listSchema = z.looseObject({
  Bucket: z.string(),
  Prefix: z.string().default(''),
  Delimiter: z.string().optional(),
  MaxKeys: z.coerce.number().int().min(0).max(1000).catch(1000).default(1000),
  StartAfter: z.string().optional(),
  Marker: z.string().optional(),
  ContinuationToken: z.string().optional(),
});

export interface Entry {
  readonly key: string;
  readonly at: number;
  readonly version: Version;
}

export type Answer = Record<string, unknown>;

/** Versions by key, and of a key the newest first. */
export function* versionsFrom(
  state: State,
  bucket: string,
  prefix: string,
  after: string,
): Generator<Entry[]> {
  const from = after > prefix ? after : prefix;
  let group: Entry[] = [];
  for (const { key, value } of state.versions.entries({ start: [bucket, from] })) {
    if (!Array.isArray(key) || key[0] !== bucket) break;
    const [, name, at] = [key[0], String(key[1]), Number(key[2])];
    if (name <= after && after !== '') continue;
    if (!name.startsWith(prefix)) break;
    if (group[0] && group[0].key !== name) {
      yield group;
      group = [];
    }
    group.unshift({ key: name, at, version: value });
  }
  if (group.length > 0) yield group;
}

/** One page of keys: what stands at them, and what a delimiter rolls up. */
export function page<T>(
  groups: Iterable<Entry[]>,
  {
    prefix,
    delimiter,
    max,
    after,
  }: { prefix: string; delimiter: string | undefined; max: number; after: string },
  itemsOf: (group: Entry[]) => T[],
): { items: T[]; prefixes: string[]; last: string | undefined; truncated: boolean } {
  const items: T[] = [];
  const prefixes = new Set<string>();
  let last: string | undefined;
  for (const group of groups) {
    const { key = '' } = group[0] ?? {};
    const rolled = commonPrefix(key, prefix, delimiter);
    // The page before ended with this very roll-up.
    if (rolled !== undefined && (prefixes.has(rolled) || after.startsWith(rolled))) continue;
    const found = rolled === undefined ? itemsOf(group) : itemsOf(group).slice(0, 1);
    if (found.length === 0) continue;
    if (items.length + prefixes.size >= max)
      return { items, prefixes: [...prefixes], last, truncated: max > 0 };
    if (rolled === undefined) items.push(...found);
    else prefixes.add(rolled);
    last = rolled ?? key;
  }
  return { items, prefixes: [...prefixes], last, truncated: false };
}

function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

const present = (group: Entry[]): Entry[] => group.slice(0, 1).filter(({ version }) => !version.deleted);

export function contentOf({ key, version }: Entry): Answer {
  return {
    Key: key,
    LastModified: new Date(version.modified),
    ETag: `"${version.etag}"`,
    Size: version.size,
    StorageClass: 'STANDARD',
  };
}

/** ListObjectsV2 */
export function listObjectsV2(state: State, input: unknown): Answer {
  const request = listSchema.parse(input);
  const { Bucket, Prefix: prefix, Delimiter: delimiter, MaxKeys: max, ContinuationToken } = request;
  bucketOf(state, Bucket);
  const after = ContinuationToken ? tokenOf(ContinuationToken) : (request.StartAfter ?? '');
  const found = page(versionsFrom(state, Bucket, prefix, after), { prefix, delimiter, max, after }, present);
  return {
    Name: Bucket,
    Prefix: prefix,
    Delimiter: delimiter,
    MaxKeys: max,
    KeyCount: found.items.length + found.prefixes.length,
    IsTruncated: found.truncated,
    ContinuationToken,
    StartAfter: request.StartAfter,
    NextContinuationToken:
      found.truncated && found.last ? Buffer.from(found.last).toString('base64url') : undefined,
    Contents: found.items.map(contentOf),
    CommonPrefixes: found.prefixes.map((Prefix) => ({ Prefix })),
  };
}

function tokenOf(token: string): string {
  if (/^[\w-]+$/.test(token)) return Buffer.from(token, 'base64url').toString();
  throw new AwsError('InvalidArgument', `the continuation token ${token} is none that a page gave`);
}

/** ListObjects, the first version of it. */
export function listObjects(state: State, input: unknown): Answer {
  const {
    Bucket,
    Prefix: prefix,
    Delimiter: delimiter,
    MaxKeys: max,
    Marker: after = '',
  } = listSchema.parse(input);
  bucketOf(state, Bucket);
  const found = page(versionsFrom(state, Bucket, prefix, after), { prefix, delimiter, max, after }, present);
  return {
    Name: Bucket,
    Prefix: prefix,
    Delimiter: delimiter,
    Marker: after,
    MaxKeys: max,
    IsTruncated: found.truncated,
    NextMarker: found.truncated ? found.last : undefined,
    Contents: found.items.map(contentOf),
    CommonPrefixes: found.prefixes.map((Prefix) => ({ Prefix })),
  };
}
