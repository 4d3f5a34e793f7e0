import { invalidPattern } from './invalid.ts';

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#filtering-numeric-matching
const LIMIT = 5e9;

type Comparison = (left: number, right: number) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** `{ "numeric": [">", 0, "<=", 5] }`: one comparison, or a lower and an upper one. */
export function numeric(argument: unknown): (value: unknown) => boolean {
  if (!Array.isArray(argument)) throw invalidPattern('Value of numeric must be an array.');
  if (argument.length === 0) throw invalidPattern('Invalid member in numeric match: ]');
  const [first, second] = pairs(argument);
  if (second) range(first, second);
  const tests = [first, second].filter((pair) => pair !== undefined);
  return (value) => typeof value === 'number' && tests.every(({ compare, bound }) => compare(value, bound));
}

interface Pair {
  readonly operator: string;
  readonly compare: Comparison;
  readonly bound: number;
}

function pairs(items: readonly unknown[]): [Pair, Pair?] {
  if (items.length > 4) throw invalidPattern('Too many elements in numeric expression');
  const first = pair(items[0], items[1]);
  return items.length > 2 ? [first, pair(items[2], items[3])] : [first];
}

function pair(operator: unknown, bound: unknown): Pair {
  if (typeof operator !== 'string')
    throw invalidPattern(`Invalid member in numeric match: ${String(operator)}`);
  const compare = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  if (!compare) throw invalidPattern(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== 'number') throw invalidPattern(`Value of ${operator} must be numeric`);
  if (Math.abs(bound) > LIMIT)
    throw invalidPattern(`Value must be between -${LIMIT} and ${LIMIT}, inclusive, not ${bound}`);
  return { operator, compare, bound };
}

function range(lower: Pair, upper: Pair): void {
  if (!lower.operator.startsWith('>'))
    throw invalidPattern(`Too many terms in numeric range expression after ${lower.operator}`);
  if (!upper.operator.startsWith('<')) throw invalidPattern(`Bad numeric range operator: ${upper.operator}`);
  if (lower.bound >= upper.bound) throw invalidPattern('Bottom must be less than top');
}
