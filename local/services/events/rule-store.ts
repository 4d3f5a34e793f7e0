import { unsupported } from '../../core/aws-error.ts';
import { compilePattern } from '../../core/event-pattern/compile.ts';
import { ownEvents } from './schedule.ts';
import type { Rule, SavedRule, State } from './tables.ts';
import { targetOf } from './target.ts';

/**
 * Keeps a rule that the API made or changed.
 * @throws UnsupportedOperation for a rule of the template, which the next start would make as it was
 */
export async function saveRule(state: State, rule: Rule): Promise<void> {
  const key = `${rule.bus}/${rule.name}`;
  if (state.fromTemplate.has(key))
    throw unsupported(`a change to rule ${rule.name}, which the template defines: change it there`);
  await state.apiRules.put(key, saved(rule));
  state.rules.set(key, rule);
}

/** Keeps a rule of the template on disk: events that the rule took may still wait when the rule is gone. */
export async function keepTemplateRule(state: State, rule: Rule): Promise<void> {
  await state.templateRules.put(`${rule.bus}/${rule.name}`, saved(rule));
}

/** The rule for whose target an event waits; a rule that is gone is given as it was last. */
export function ruleWaitedFor(state: State, key: string): Rule | undefined {
  const live = state.rules.get(key);
  if (live) return live;
  const gone = state.templateRules.get(key);
  return gone && revived(gone);
}

/** Forgets the rules that are gone and that no event waits for. */
export async function forgetGoneRules(state: State): Promise<void> {
  const waitedFor = new Set([...state.queue.entries()].map(({ value }) => `${value.bus}/${value.rule}`));
  for (const { key } of [...state.templateRules.entries()])
    if (!state.rules.has(String(key)) && !waitedFor.has(String(key))) await state.templateRules.remove(key);
}

function saved({ matches: _matches, targets, ...rest }: Rule): SavedRule {
  return { ...rest, targets: targets.map(({ given }) => given) };
}

/** Brings back the rules that the API made before the last stop. Those that the template has meanwhile it makes itself. */
export function loadRules(state: State): void {
  for (const { value } of state.apiRules.entries())
    state.rules.set(`${value.bus}/${value.name}`, revived(value));
}

/** The events that a rule takes: those that its pattern fits, or those of its schedule. */
export const matcherOf = ({ pattern, arn }: Pick<Rule, 'pattern' | 'arn'>): Rule['matches'] =>
  pattern === undefined ? ownEvents(arn) : compilePattern(pattern);

function revived(kept: SavedRule): Rule {
  return { ...kept, matches: matcherOf(kept), targets: kept.targets.map(targetOf) };
}
