import { asksForChecks, checksProblem } from '../events/check-runs.ts';
import type { NamedRule } from '../events/rule.ts';
import type { Settings } from './settings.ts';

/**
 * Refuses a rule whose check runs nobody could write.
 * @throws with a line for each rule
 */
export function checkChecks(rules: readonly NamedRule[], { hosts }: Settings): void {
  const problems = rules.filter(asksForChecks).flatMap((rule) => {
    const problem = checksProblem(rule, hosts);
    return problem === undefined ? [] : [`the rule ${rule.name} has status: checks: ${problem}`];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
