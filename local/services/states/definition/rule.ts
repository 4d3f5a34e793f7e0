import { AwsError } from '../../../core/aws-error.ts';
import { isObject, type Json } from '../payload/json.ts';
import { comparisons } from './comparisons.ts';
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
    new AwsError(
      'InvalidDefinition',
      `invalid definition: ${state} has the rule ${JSON.stringify(rule)}: ${reason}`,
    );
  if (Object.keys(rule).filter((key) => !BESIDE.has(key)).length !== 1)
    throw invalid('it needs one operator');
  if (!nested && typeof rule.Next !== 'string') throw invalid('it needs Next');
  const { operator, operand } = operatorOf(rule);
  if (operator === 'And' || operator === 'Or' || operator === 'Not') {
    for (const inner of rulesIn(operand)) checkRule(state, inner, true);
    return;
  }
  if (typeof rule.Variable !== 'string') throw invalid('it needs Variable');
  if (!TESTS.has(operator) && !comparisons[operator.replace(/Path$/, '')])
    throw invalid(`there is no operator ${operator}`);
}

/** The rules below And, Or and Not. */
export function rulesIn(operand: Json): Rule[] {
  return (Array.isArray(operand) ? operand : [operand]).filter(isObject);
}
