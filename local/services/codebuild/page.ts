import * as z from 'zod';

const PAGE = 100;

/** The members of a request for a list. */
export const pageMembers = {
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).optional(),
  nextToken: z
    .string()
    .regex(/^\d{1,9}$/, 'is not one that this service gave out')
    .transform(Number)
    .optional(),
};

/** A page of a list as `member` of the answer; the token is the place of the next item. */
export function page(member: string, items: Iterable<{ readonly value: string }>, from = 0): object {
  const values = Array.from(items, ({ value }) => value);
  const to = from + PAGE;
  return { [member]: values.slice(from, to), ...(to < values.length && { nextToken: String(to) }) };
}
