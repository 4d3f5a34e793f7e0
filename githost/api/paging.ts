import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';

// GitHub's sizes of a page.
const DEFAULT_SIZE = 30;
const MAX_SIZE = 100;

const number = (fallback: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .catch(fallback);

const pageSchema = z.looseObject({ page: number(1), per_page: number(DEFAULT_SIZE) });
const cursorSchema = z.looseObject({
  cursor: z
    .string()
    .regex(/^v1_\d+$/)
    .optional(),
  per_page: number(DEFAULT_SIZE),
});

/** The page of a list that `page` and `per_page` ask for; the others are in the Link header. */
export function page<T>(
  items: readonly T[],
  request: FastifyRequest,
  reply: FastifyReply,
  address: string,
): readonly T[] {
  const { page, per_page } = pageSchema.parse(request.query);
  const size = Math.min(per_page, MAX_SIZE);
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: [rel: string, to: number][] = [];
  if (page > 1) links.push(['prev', page - 1]);
  if (page < last) links.push(['next', page + 1], ['last', last]);
  if (page > 1) links.push(['first', 1]);
  link(
    reply,
    links.map(([rel, to]) => [rel, addressWith(request, address, { page: String(to) })]),
  );
  return items.slice((page - 1) * size, page * size);
}

/** The items after the cursor; the next cursor is in the Link header. */
export function pageByCursor<T extends { id: number }>(
  newestFirst: readonly T[],
  request: FastifyRequest,
  reply: FastifyReply,
  address: string,
): readonly T[] {
  const { cursor, per_page } = cursorSchema.parse(request.query);
  const from = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor.slice('v1_'.length));
  const rest = newestFirst.filter(({ id }) => id < from);
  const items = rest.slice(0, Math.min(per_page, MAX_SIZE));
  const end = items.at(-1);
  if (end && items.length < rest.length)
    link(reply, [['next', addressWith(request, address, { cursor: `v1_${end.id}` })]]);
  return items;
}

function link(reply: FastifyReply, links: readonly (readonly [rel: string, url: string])[]): void {
  if (links.length > 0) reply.header('link', links.map(([rel, url]) => `<${url}>; rel="${rel}"`).join(', '));
}

function addressWith(request: FastifyRequest, address: string, change: Record<string, string>): string {
  const url = new URL(address);
  url.search = new URL(request.url, address).search;
  for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
  return url.href;
}
