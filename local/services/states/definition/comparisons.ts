import type { Json } from '../payload/json.ts';

type Comparison = (value: Json, operand: Json) => boolean;

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970 of an RFC 3339 time; undefined for anything else. */
export function timeOf(value: Json): number | undefined {
  if (typeof value !== 'string' || !timestamp.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** The operators that compare a value with another: values of two types are never equal, greater or less. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  ...ordered('String', (value) => (typeof value === 'string' ? value : undefined)),
  ...ordered('Numeric', (value) => (typeof value === 'number' ? value : undefined)),
  ...ordered('Timestamp', timeOf),
  BooleanEquals: (value, operand) => typeof value === 'boolean' && value === operand,
  StringMatches: (value, operand) =>
    typeof value === 'string' && typeof operand === 'string' && wildcard(operand).test(value),
};

function ordered(
  type: string,
  key: (value: Json) => string | number | undefined,
): Record<string, Comparison> {
  const by =
    (holds: (a: string | number, b: string | number) => boolean): Comparison =>
    (value, operand) => {
      const [a, b] = [key(value), key(operand)];
      return a !== undefined && b !== undefined && holds(a, b);
    };
  return {
    [`${type}Equals`]: by((a, b) => a === b),
    [`${type}LessThan`]: by((a, b) => a < b),
    [`${type}GreaterThan`]: by((a, b) => a > b),
    [`${type}LessThanEquals`]: by((a, b) => a <= b),
    [`${type}GreaterThanEquals`]: by((a, b) => a >= b),
  };
}

/** `*` stands for any text; `\*` and `\\` for themselves. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replaceAll(
    /\\([*\\])|(\*)|([^\w\s])/g,
    (_, escaped?: string, star?: string, sign?: string) => (star ? '[^]*' : `\\${escaped ?? sign}`),
  );
  return new RegExp(`^${source}$`);
}
