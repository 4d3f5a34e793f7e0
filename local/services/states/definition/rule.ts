import { isObject, type Json } from '../payload/json.ts';
import { referenceSteps } from '../payload/reference.ts';
import { comparisons, timeOf } from './comparisons.ts';
import { invalidDefinition } from './invalid.ts';
import type { Rule } from './schema.ts';

const BESIDE = new Set(['Variable', 'Next', 'Comment']);
const TESTS = new Set(['IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp']);

/** The one operator that a choice rule holds. */
export function operatorOf(rule: Rule): { operator: string; operand: Json } {
  const [operator = '', operand = null] = Object.entries(rule).find(([key]) => !BESIDE.has(key)) ?? [];
  return { operator, operand };
}

/** @throws AwsError InvalidDefinition for a rule that cannot be decided */
export function checkRule(state: string, rule: Rule, nested = false): void {
  const invalid = (reason: string) =>
    invalidDefinition(`${state} has the rule ${JSON.stringify(rule)}: ${reason}`);
  if (Object.keys(rule).filter((key) => !BESIDE.has(key)).length !== 1)
    throw invalid('it needs one operator');
  if (nested === 'Next' in rule)
    throw invalid(nested ? 'Next stands in the outermost rule' : 'it needs Next');
  const { operator, operand } = operatorOf(rule);
  if (rule.Comment !== undefined && typeof rule.Comment !== 'string') throw invalid('its Comment is no text');
  if (operator === 'And' || operator === 'Or' || operator === 'Not') {
    const inner = rulesIn(operand);
    if (Array.isArray(operand) === (operator === 'Not') || inner.length !== [operand].flat().length)
      throw invalid(`${operator} takes ${operator === 'Not' ? 'a rule' : 'a list of rules'}`);
    if (inner.length === 0) throw invalid(`${operator} needs a rule`);
    if (rule.Variable !== undefined) throw invalid(`${operator} has no Variable of its own`);
    for (const each of inner) checkRule(state, each, true);
    return;
  }
  if (typeof rule.Variable !== 'string' || !isPath(rule.Variable))
    throw invalid('it needs a Variable that is a path to one place');
  if (
    (!TESTS.has(operator) && !comparisons[operator.replace(/Path$/, '')]) ||
    operator === 'StringMatchesPath'
  )
    throw invalid(`there is no operator ${operator}`);
  if (!takes(operator, operand)) throw invalid(`${operator} does not take ${JSON.stringify(operand)}`);
}

/** A reference path, of the input or of the context: it leads to one place. */
const isPath = (value: Json): boolean =>
  typeof value === 'string' &&
  value.startsWith('$') &&
  referenceSteps(value.replace(/^\$\$/, '$')) !== undefined;

/** Whether the operator compares with a value of this type. */
function takes(operator: string, operand: Json): boolean {
  if (operator.endsWith('Path')) return isPath(operand);
  if (TESTS.has(operator) || operator.startsWith('Boolean')) return typeof operand === 'boolean';
  if (operator.startsWith('Numeric')) return typeof operand === 'number';
  if (operator.startsWith('Timestamp')) return timeOf(operand) !== undefined;
  // https://states-language.net/spec.html#choice-state: a backslash stands before * and itself alone.
  if (operator === 'StringMatches')
    return typeof operand === 'string' && /^(?:[^\\]|\\[*\\])*$/s.test(operand);
  return typeof operand === 'string';
}

/** The rules below And, Or and Not. */
export function rulesIn(operand: Json): Rule[] {
  return (Array.isArray(operand) ? operand : [operand]).filter(isObject);
}
