import { combinationsOf } from './alternatives.ts';
import { passes } from './event-condition.ts';
import type { Match } from './match.ts';

/**
 * Whether EventBridge takes an event with this `detail` for a rule with this match. The functions ask this again of the
 * signed bytes, because the event on the bus is not signed.
 */
export function isMatch(match: Match, detail: unknown): boolean {
  return combinationsOf(match).some((pattern) => allOf(pattern, detail, detail, []));
}

type Path = readonly string[];

/** All members of a pattern; below a list, all of them in one and the same element. */
function allOf(pattern: object, value: unknown, root: unknown, path: Path): boolean {
  return elements(value).some((element) =>
    Object.entries(pattern).every(([name, wanted]) => {
      const below = [...path, name];
      if (!Array.isArray(wanted)) return allOf(wanted, member(element, name), root, below);
      return anyOf(wanted, leaves(member(element, name)), () => !hasLeaf(root, below));
    }),
  );
}

/** @param isAbsent whether the event has no leaf at the path, in whatever element of a list */
function anyOf(conditions: readonly unknown[], values: readonly unknown[], isAbsent: () => boolean): boolean {
  return conditions.some((condition) =>
    isExistsFalse(condition) ? isAbsent() : values.some((value) => passes(condition, value)),
  );
}

const isExistsFalse = (condition: unknown): boolean =>
  isObject(condition) && 'exists' in condition && condition.exists === false;

function hasLeaf(value: unknown, [name, ...rest]: Path): boolean {
  if (name === undefined) return leaves(value).length > 0;
  return elements(value).some((element) => hasLeaf(member(element, name), rest));
}

/** An empty list has no element, but a member of it can still be asked to be absent. */
function elements(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [value];
  const flat: unknown[] = value.flat(Number.POSITIVE_INFINITY);
  return flat.length > 0 ? flat : [undefined];
}

/** EventBridge compares leaves only: an object is no value, a list is each of its values. */
const leaves = (value: unknown): readonly unknown[] =>
  elements(value).filter((item) => item !== undefined && !isObject(item));

const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
