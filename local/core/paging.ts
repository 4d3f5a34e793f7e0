import { compareKeys } from 'lmdb';
import * as z from 'zod';

/** What tells an item of a list from the others, and where it stands among them: a list is in the order of its keys. */
export type PageKey = string | number | (string | number)[];

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** the token of the next page; the last page has none */
  readonly next?: string;
}

/**
 * The token of a page in a request, as the key of the last item of the page before. What is added to the list or taken
 * from it between two pages so moves no other item.
 * @param key the shape of the list's keys
 * @param code the service's error code for a token that it did not give out; by default the code for any wrong input
 */
export function pageToken<K extends z.ZodType<PageKey>>(key: K, code?: string) {
  return z.string().transform((text, context): z.output<K> => {
    const read = key.safeParse(keyIn(text));
    if (read.success) return read.data;
    const message = `${text} is not a token of this list: take one that it gave out`;
    context.addIssue({ code: 'custom', message, params: { awsCode: code } });
    return z.NEVER;
  });
}

/** The token of a page in a request for a list by name. */
export const nameToken = pageToken(z.string());

/** The token of the page behind the item with this key. */
export function tokenOf(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function keyIn(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/**
 * Cuts one page out of a list that is in memory, in any order.
 * @param after the key that `pageToken` has read from the request's token; by default the list's beginning
 */
export function pageOf<T>(
  items: Iterable<T>,
  keyOf: (item: T) => PageKey,
  { limit, after, reverse = false }: { limit: number; after?: PageKey | undefined; reverse?: boolean },
): Page<T> {
  const order = (a: PageKey, b: PageKey) => (reverse ? compareKeys(b, a) : compareKeys(a, b));
  const rest = [...items].filter((item) => after === undefined || order(keyOf(item), after) > 0);
  return firstPage(
    rest.sort((a, b) => order(keyOf(a), keyOf(b))),
    keyOf,
    limit,
  );
}

/** Cuts one page off what is behind the page before, and reads no further. */
export function firstPage<T>(rest: Iterable<T>, keyOf: (item: T) => PageKey, limit: number): Page<T> {
  const items: T[] = [];
  for (const item of rest) {
    const last = items.at(-1);
    if (last !== undefined && items.length === limit) return { items, next: tokenOf(keyOf(last)) };
    items.push(item);
  }
  return { items };
}
