import { comparisons, timeOf } from '../definition/comparisons.ts';
import { operatorOf, rulesIn } from '../definition/rule.ts';
import type { Rule, StateOf } from '../definition/schema.ts';
import type { Json } from '../payload/json.ts';
import { type Data, find, read } from '../payload/path.ts';
import { StateError } from '../state-error.ts';

/**
 * The state that a Choice leads to.
 * @throws StateError States.NoChoiceMatched; States.Runtime where a variable is not there
 */
export function choose(name: string, { Choices, Default }: StateOf<'Choice'>, data: Data): string {
  const next = Choices.find((rule) => holds(rule, data))?.Next ?? Default;
  if (typeof next === 'string') return next;
  throw new StateError('States.NoChoiceMatched', `no rule of ${name} matches, and it has no Default`);
}

function holds(rule: Rule, data: Data): boolean {
  const { operator, operand } = operatorOf(rule);
  if (operator === 'And') return rulesIn(operand).every((inner) => holds(inner, data));
  if (operator === 'Or') return rulesIn(operand).some((inner) => holds(inner, data));
  if (operator === 'Not') return !rulesIn(operand).some((inner) => holds(inner, data));
  const path = String(rule.Variable);
  if (operator === 'IsPresent') return (find(path, data) !== undefined) === operand;
  const value = read(path, data, 'Variable');
  const test = tests[operator];
  if (test) return test(value) === operand;
  return compare(operator, value, operand, data);
}

const tests: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => timeOf(value) !== undefined,
};

function compare(operator: string, value: Json, operand: Json, data: Data): boolean {
  const comparison = comparisons[operator];
  if (comparison) return comparison(value, operand);
  const other = read(String(operand), data, operator);
  return comparisons[operator.replace(/Path$/, '')]?.(value, other) ?? false;
}
