import { unsupported } from '../aws-error.ts';
import { compilePattern } from './pattern/compile.ts';
import type { Rule, SavedRule, State } from './state.ts';
import { targetOf } from './target.ts';

/**
 * Keeps a rule that the API made or changed.
 * @throws UnsupportedOperation for a rule of the template, which the next start would make as it was
 */
export async function saveRule(state: State, rule: Rule): Promise<void> {
  const key = `${rule.bus}/${rule.name}`;
  if (state.fromTemplate.has(key))
    throw unsupported(`a change to rule ${rule.name}, which the template defines: change it there`);
  const { matches: _matches, targets, ...rest } = rule;
  await state.apiRules.put(key, { ...rest, targets: targets.map(({ given }) => given) });
  state.rules.set(key, rule);
}

/** Brings back the rules that the API made before the last stop. */
export function loadRules(state: State): void {
  for (const { value } of state.apiRules.entries()) {
    const key = `${value.bus}/${value.name}`;
    if (!state.fromTemplate.has(key)) state.rules.set(key, revived(value));
  }
}

function revived(saved: SavedRule): Rule {
  return { ...saved, matches: compilePattern(saved.pattern), targets: saved.targets.map(targetOf) };
}
