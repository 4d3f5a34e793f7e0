import * as z from 'zod';
import { firstPage, nameToken, type Page, pageOf, pageToken } from '../../core/paging.ts';
import { projectNamed, type Tables } from './tables.ts';

const PAGE = 100;
const sortOrder = z.enum(['ASCENDING', 'DESCENDING']).optional();

export const buildsListSchema = z.strictObject({
  sortOrder,
  nextToken: pageToken(z.tuple([z.number(), z.string()])).optional(),
});
export const projectBuildsListSchema = z.strictObject({
  projectName: z.string(),
  sortOrder,
  nextToken: pageToken(z.number()).optional(),
});
export const projectsListSchema = z.strictObject({
  sortBy: z.literal('NAME').optional(),
  sortOrder,
  nextToken: nameToken.optional(),
});

/** The ids of every build, the newest first by default. */
export function listBuilds(
  { order }: Tables,
  { sortOrder = 'DESCENDING', nextToken }: z.infer<typeof buildsListSchema>,
): object {
  const rest = order.under([], { reverse: sortOrder === 'DESCENDING', after: nextToken });
  return ids(firstPage(rest, ({ key }) => key, PAGE));
}

/** The ids of a project's builds, the newest first by default. */
export function listBuildsForProject(
  tables: Tables,
  { projectName, sortOrder = 'DESCENDING', nextToken }: z.infer<typeof projectBuildsListSchema>,
): object {
  const { name } = projectNamed(tables, projectName);
  const after = nextToken === undefined ? undefined : [nextToken];
  const rest = tables.numbers.under([name], { reverse: sortOrder === 'DESCENDING', after });
  return ids(firstPage(rest, ({ key }) => Number(key.at(-1)), PAGE));
}

function ids({ items, next }: Page<{ value: string }>): object {
  return { ids: items.map(({ value }) => value), ...(next !== undefined && { nextToken: next }) };
}

/** The names of the template's projects, in the order of the alphabet by default. */
export function listProjects(
  { live }: Tables,
  { sortOrder = 'ASCENDING', nextToken }: z.infer<typeof projectsListSchema>,
): object {
  const page = { limit: PAGE, after: nextToken, reverse: sortOrder === 'DESCENDING' };
  const { items, next } = pageOf(live.keys(), (name) => name, page);
  return { projects: items, ...(next !== undefined && { nextToken: next }) };
}
