/** The value of an event at a path. */
export interface ValueAtPath {
  /** `payload.repository.full_name` */
  readonly path: string;
  /** as JSON, cut off when it is long; undefined when nothing is there */
  readonly value?: string | undefined;
}

// Enough to tell a value by; a commit's message may be as long as its author likes.
const LONGEST = 200;

/** The event's value at each path of a pattern, each path once, in the order of the pattern. */
export function valuesAtPaths(detail: unknown, pattern: Record<string, unknown>): ValueAtPath[] {
  const paths = new Map(leavesOf(pattern).map((path) => [path.join('.'), path]));
  return [...paths].map(([path, names]) => ({ path, value: jsonText(valueAt(detail, names)) }));
}

function leavesOf(pattern: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (!isObject(pattern)) return [path];
  return Object.entries(pattern).flatMap(([name, value]) =>
    name === '$or' && Array.isArray(value)
      ? value.flatMap((alternative) => leavesOf(alternative, path))
      : leavesOf(value, [...path, name]),
  );
}

/** EventBridge looks into every element of a list. */
function valueAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (Array.isArray(value)) {
    const found = value.map((item) => valueAt(item, [name, ...rest])).filter((item) => item !== undefined);
    return found.length === 0 ? undefined : found;
  }
  return isObject(value) && Object.hasOwn(value, name) ? valueAt(value[name], rest) : undefined;
}

/** A value as JSON, cut off when it is long; undefined when there is none. */
export function jsonText(value: unknown): string | undefined {
  const text = JSON.stringify(value);
  return text === undefined || text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
