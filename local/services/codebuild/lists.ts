import * as z from 'zod';
import { pageOf, pageToken } from '../../core/paging.ts';
import { projectNamed, type Tables } from './tables.ts';

const PAGE = 100;
const paging = {
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).optional(),
  nextToken: pageToken.optional(),
};

export const buildsListSchema = z.strictObject(paging);
export const projectBuildsListSchema = buildsListSchema.extend({ projectName: z.string() });
export const projectsListSchema = buildsListSchema.extend({ sortBy: z.literal('NAME').optional() });

/** The ids of every build, the newest first by default. */
export function listBuilds(
  { order }: Tables,
  { sortOrder = 'DESCENDING', nextToken }: z.infer<typeof buildsListSchema>,
): object {
  const ids = Array.from(order.entries({ reverse: sortOrder === 'DESCENDING' }), ({ value }) => value);
  return answer('ids', ids, nextToken);
}

/** The ids of a project's builds, the newest first by default. */
export function listBuildsForProject(
  tables: Tables,
  { projectName, sortOrder = 'DESCENDING', nextToken }: z.infer<typeof projectBuildsListSchema>,
): object {
  const { name } = projectNamed(tables, projectName);
  const ids = tables.numbers.under([name], { reverse: sortOrder === 'DESCENDING' });
  return answer(
    'ids',
    Array.from(ids, ({ value }) => value),
    nextToken,
  );
}

/** The names of the template's projects, in the order of the alphabet by default. */
export function listProjects(
  { live }: Tables,
  { sortOrder = 'ASCENDING', nextToken }: z.infer<typeof projectsListSchema>,
): object {
  const sorted = [...live.keys()].sort();
  return answer('projects', sortOrder === 'ASCENDING' ? sorted : sorted.reverse(), nextToken);
}

function answer(member: string, values: readonly string[], from: number | undefined): object {
  const { items, next } = pageOf(values, PAGE, from);
  return { [member]: items, ...(next !== undefined && { nextToken: next }) };
}
