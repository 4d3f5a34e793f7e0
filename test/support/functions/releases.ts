import { readFileSync } from 'node:fs';
import * as z from 'zod';

const object = z.record(z.string(), z.unknown());
const fixtureSchema = z.object({
  hosts: object,
  raw: object,
  event: object,
  overflow: z.array(object),
  state: object,
  pull: object,
  publish: object,
});

/** The payloads that a release has under way when another takes over. */
export type Payloads = z.infer<typeof fixtureSchema>;

const file = new URL('../../functions/fixtures/previous-release.json', import.meta.url);

/** As the release before wrote them: the file is changed only when a release is older than any that is upgraded from. */
export const previous: Payloads = fixtureSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

/** As a release to come may write them, for a rollback: each object has a member that nobody knows yet. */
export const next: Payloads = fixtureSchema.parse(withMore(previous));

function withMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMore);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withMore(member)]);
  // A host's name has a host below it, and a variable's a text.
  return { ...Object.fromEntries(members), ...('github.com' in value ? {} : { later: 'a later member' }) };
}
