import { paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { dynamo } from '../shared/dynamo.ts';
import { environment } from '../shared/setting.ts';

const itemSchema = z.object({
  id: z.string(),
  published: z.object({ commit: z.string() }).optional(),
});

/** A repository of which something was pulled. */
export interface KnownRepository {
  readonly host: string;
  readonly fullName: string;
  /** by ref, and by the hash of the pull options: the commit that the pointer shows, `""` for a ref that is gone */
  readonly published: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

// As pointerKey makes it: no other record's id is like it. The refs of requests are told of by their own events.
const POINTER = /^([^/ ]+)\/([^ ]+?)\/([0-9a-f]{12})\/(refs\/(?:heads|tags)\/.+)\.zip$/s;

/** Every repository with a record in the Refs table, by `host/owner/name` in the order of these names. */
export async function knownRepositories(): Promise<ReadonlyMap<string, KnownRepository>> {
  const found = new Map<string, KnownRepository & { published: Map<string, Map<string, string>> }>();
  const pages = paginateScan(
    { client: dynamo() },
    {
      TableName: environment('REFS_TABLE'),
      ProjectionExpression: 'id, published.#commit',
      ExpressionAttributeNames: { '#commit': 'commit' },
    },
  );
  for await (const { Items = [] } of pages)
    for (const { id, published } of z.array(itemSchema).parse(Items)) {
      const [, host = '', fullName = '', hash = '', ref = ''] = POINTER.exec(id) ?? [];
      if (ref === '' || !published) continue;
      const key = `${host}/${fullName}`;
      const known = found.get(key) ?? { host, fullName, published: new Map() };
      found.set(key, known);
      known.published.set(ref, (known.published.get(ref) ?? new Map()).set(hash, published.commit));
    }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}
