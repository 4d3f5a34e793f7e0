import * as z from 'zod';
import { operation } from '../../core/gate.ts';
import { nameToken, tokenOf } from '../../core/paging.ts';
import type { Answer } from './input.ts';
import { contentOf, type Entry, listMembers, type Page, page, versionsFrom } from './page.ts';
import { bucketOf, type State } from './tables.ts';

const v2Schema = z.strictObject({
  ...listMembers,
  StartAfter: z.string().optional(),
  ContinuationToken: nameToken.optional(),
  FetchOwner: z.literal([false, 'false']).optional(),
});

/** ListObjectsV2 */
export const listObjectsV2 = (state: State) => operation(v2Schema, (request) => listV2(state, request));

function listV2(state: State, request: z.output<typeof v2Schema>): Answer {
  const { ContinuationToken: last, StartAfter } = request;
  const found = pageOf(state, request, last ?? StartAfter ?? '');
  return {
    ...listed(request, found),
    KeyCount: found.items.length + found.prefixes.length,
    ContinuationToken: last === undefined ? undefined : tokenOf(last),
    StartAfter,
    NextContinuationToken: found.truncated && found.last ? tokenOf(found.last.key) : undefined,
  };
}

const v1Schema = z.strictObject({ ...listMembers, Marker: z.string().default('') });

/** ListObjects, the first version of the operation. */
export const listObjects = (state: State) => operation(v1Schema, (request) => listV1(state, request));

function listV1(state: State, request: z.output<typeof v1Schema>): Answer {
  const { Marker } = request;
  const found = pageOf(state, request, Marker);
  const NextMarker = found.truncated ? found.last?.key : undefined;
  return { ...listed(request, found), Marker, NextMarker };
}

type List = z.output<z.ZodObject<typeof listMembers>>;

function pageOf(state: State, { Bucket, Prefix, Delimiter, MaxKeys }: List, after: string): Page {
  bucketOf(state, Bucket);
  const groups = keysWithObject(versionsFrom(state, Bucket, Prefix, after));
  return page(groups, { prefix: Prefix, delimiter: Delimiter, max: MaxKeys, after });
}

function* keysWithObject(groups: Iterable<Entry[]>): Generator<Entry[]> {
  for (const [current] of groups) if (current && !current.version.deleted) yield [current];
}

function listed({ Bucket, Prefix, Delimiter, MaxKeys }: List, { items, prefixes, truncated }: Page): Answer {
  return {
    Name: Bucket,
    Prefix,
    Delimiter,
    MaxKeys,
    IsTruncated: truncated,
    Contents: items.map(contentOf),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: prefix })),
  };
}
