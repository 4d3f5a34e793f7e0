import * as z from 'zod';

/**
 * The token of a page in a request: the position of the page's first item. The gate answers any other text with the
 * service's own error code.
 */
export const pageToken = z
  .string()
  .regex(/^\d{1,15}$/, 'is not a token that this service gave out')
  .transform(Number);

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** the token of the next page; the last page has none */
  readonly next?: string;
}

/**
 * Cuts one page out of a list that is in memory.
 * @param from what `pageToken` made of the request's token; by default the list's beginning
 */
export function pageOf<T>(items: readonly T[], limit: number, from = 0): Page<T> {
  const to = from + limit;
  return { items: items.slice(from, to), ...(to < items.length && { next: String(to) }) };
}
