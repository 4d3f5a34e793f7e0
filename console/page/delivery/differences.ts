/** A member that two payloads have with different values. */
export interface Difference {
  /** `commits[0].id` */
  readonly path: string;
  /** JSON; absent when that payload has no such member */
  readonly left?: string | undefined;
  readonly right?: string | undefined;
}

/** Every member in which two values of JSON differ, in the order in which the members stand. */
export function differences(left: unknown, right: unknown, path = ''): Difference[] {
  if (left === right) return [];
  if (!isNested(left) || !isNested(right) || Array.isArray(left) !== Array.isArray(right))
    return [{ path, left: JSON.stringify(left), right: JSON.stringify(right) }];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].flatMap((name) =>
    differences(Reflect.get(left, name), Reflect.get(right, name), below(path, name, Array.isArray(left))),
  );
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

function below(path: string, name: string, isList: boolean): string {
  if (isList) return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}
