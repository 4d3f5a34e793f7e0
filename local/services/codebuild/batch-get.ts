import * as z from 'zod';
import { idOf, projectNameOf, type Tables } from './tables.ts';

const MAX_BATCH = 100;
const names = z.array(z.string()).min(1).max(MAX_BATCH);

export const buildsSchema = z.strictObject({ ids: names });
export const projectsSchema = z.strictObject({ names });

/** Builds by id or ARN, and which of them there are not. */
export function batchGetBuilds({ builds }: Tables, { ids }: z.infer<typeof buildsSchema>): object {
  return {
    builds: ids.flatMap((id) => builds.get(idOf(id))?.build ?? []),
    buildsNotFound: ids.filter((id) => !builds.get(idOf(id))),
  };
}

/** Projects by name or ARN, and which of them there are not. */
export function batchGetProjects({ live }: Tables, input: z.infer<typeof projectsSchema>): object {
  const wanted = input.names.map(projectNameOf);
  return {
    projects: wanted.flatMap((name) => live.get(name) ?? []),
    projectsNotFound: wanted.filter((name) => !live.has(name)),
  };
}
