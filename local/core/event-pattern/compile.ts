import { combinationsOf } from './combinations.ts';
import { checkComplexity } from './complexity.ts';
import { withPaths } from './dotted-names.ts';
import { invalidPattern } from './invalid.ts';
import { type Test, testOf } from './tests.ts';

// Characters of a rule's pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const MAX_PATTERN_LENGTH = 2048;

/** Whether an event, as parsed JSON, is one that the pattern takes. */
export type EventPattern = (event: unknown) => boolean;

type Match = (value: unknown, root: unknown) => boolean;

/**
 * Makes a matcher of an EventBridge pattern.
 * @param text the pattern as JSON
 * @throws InvalidEventPatternException with AWS's reason
 */
export function compilePattern(text: string): EventPattern {
  if (text.length > MAX_PATTERN_LENGTH)
    throw invalidPattern(`pattern is ${text.length} characters, more than ${MAX_PATTERN_LENGTH}`);
  const pattern = parsed(text);
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  const combinations = combinationsOf(pattern);
  const matches = combinations.map((combination) => fields(combination, []));
  checkComplexity(combinations);
  return (event) => {
    const root = withPaths(event);
    return matches.some((match) => match(root, root));
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidPattern(cause instanceof Error ? cause.message : String(cause));
  }
}

/** All of an object's fields; below an array, all of them in one and the same element. */
function fields(pattern: Record<string, unknown>, path: readonly string[]): Match {
  const parts = Object.entries(pattern).map(([name, value]) => field(name, value, [...path, name]));
  return (value, root) => elements(value).some((element) => parts.every((part) => part(element, root)));
}

function field(name: string, pattern: unknown, path: readonly string[]): Match {
  if (Array.isArray(pattern)) return leaf(name, pattern, path);
  if (!isObject(pattern)) throw invalidPattern(`"${name}" must be an object or an array`);
  const match = fields(pattern, path);
  return (value, root) => match(member(value, name), root);
}

function leaf(name: string, pattern: readonly unknown[], path: readonly string[]): Match {
  if (pattern.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const tests: Test[] = [];
  let absent = false;
  for (const item of pattern) {
    const test = testOf(item);
    if (test === 'absent') absent = true;
    else tests.push(test);
  }
  return (value, root) =>
    leaves(member(value, name)).some((scalar) => tests.some((test) => test(scalar))) ||
    (absent && !hasLeaf(root, path));
}

/** `exists: false` asks the whole event: not one leaf at the path, in whatever element of an array. */
function hasLeaf(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return leaves(value).length > 0;
  return elements(value).some((element) => hasLeaf(member(element, name), rest));
}

/** An empty array has no element, but a field of it can still be asked to be absent. */
function elements(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [value];
  const flat: unknown[] = value.flat(Number.POSITIVE_INFINITY);
  return flat.length > 0 ? flat : [undefined];
}

/** EventBridge compares leaves only: an object is no value, an array is each of its values. */
function leaves(value: unknown): readonly unknown[] {
  return elements(value).filter((item) => item !== undefined && !isObject(item));
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
