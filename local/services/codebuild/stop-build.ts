import * as z from 'zod';
import type { Build } from './build.ts';
import type { Builds } from './builds.ts';
import { storedBuild, type Tables } from './tables.ts';

export const stopSchema = z.strictObject({ id: z.string() });

/** Ends a build with all its processes; a complete one stays as it is. */
export async function stopBuild(
  tables: Tables,
  builds: Builds,
  input: z.infer<typeof stopSchema>,
): Promise<{ build: Build }> {
  const { id } = storedBuild(tables, input.id).build;
  await builds.stop(id);
  return { build: storedBuild(tables, id).build };
}
