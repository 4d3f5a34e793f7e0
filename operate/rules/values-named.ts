import * as z from 'zod';

const levelSchema = z.record(z.string(), z.unknown());
const textsSchema = z.array(z.unknown());

/** The texts that a match names at a path: `acme/app`, and no prefix nor wildcard. */
export function valuesNamed(match: Record<string, unknown>, path: readonly string[]): string[] {
  let at: unknown = match;
  for (const member of path) at = levelSchema.safeParse(at).data?.[member];
  return (textsSchema.safeParse(at).data ?? []).filter((value) => typeof value === 'string');
}
