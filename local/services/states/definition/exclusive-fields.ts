import { invalidDefinition } from './invalid.ts';
import type { State } from './schema.ts';

/** Of each group, a state of the type has at most one field, and exactly one where the group says so. */
const GROUPS: Readonly<Partial<Record<State['Type'], readonly Group[]>>> = {
  Wait: [{ fields: ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'], required: true }],
  Task: [{ fields: ['TimeoutSeconds', 'TimeoutSecondsPath'] }],
  Fail: [{ fields: ['Error', 'ErrorPath'] }, { fields: ['Cause', 'CausePath'] }],
  Map: [
    { fields: ['ItemProcessor', 'Iterator'], required: true },
    { fields: ['ItemSelector', 'Parameters'] },
    // Each is of another generation: Iterator goes with Parameters.
    { fields: ['ItemSelector', 'Iterator'] },
  ],
};

interface Group {
  readonly fields: readonly string[];
  readonly required?: boolean;
}

/** @throws AwsError InvalidDefinition for fields that exclude each other, or of which one is missing */
export function checkExclusiveFields(name: string, state: State): void {
  const given = new Set(
    Object.entries(state).flatMap(([field, value]) => (value === undefined ? [] : field)),
  );
  for (const { fields, required = false } of GROUPS[state.Type] ?? []) {
    const count = fields.filter((field) => given.has(field)).length;
    if (count > 1 || (required && count === 0))
      throw invalidDefinition(
        `${name} has ${count} of ${fields.join(', ')}, and takes ${required ? 'exactly' : 'at most'} one`,
      );
  }
}
