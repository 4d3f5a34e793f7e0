import * as z from 'zod';
import { pageOf } from '../../core/paging.ts';
import { pageMembers } from './lists.ts';
import { saveRule } from './rule-store.ts';
import { ruleOf, type State } from './tables.ts';
import { targetList, targetsOf } from './target.ts';

// The name of a rule is checked where a rule is made: here an unknown one is not found.
const reference = { Rule: z.string(), EventBusName: z.string().optional() };

export const listInput = z.strictObject({ ...reference, ...pageMembers });

export function listTargetsByRule(state: State, input: z.infer<typeof listInput>) {
  const { Rule, EventBusName, Limit, NextToken } = input;
  const { targets } = ruleOf(state, Rule, EventBusName);
  const { items, next } = pageOf(targets, ({ id }) => id, { limit: Limit, after: NextToken });
  return { Targets: items.map(({ given }) => given), NextToken: next };
}

export const putInput = z.strictObject({ ...reference, Targets: targetList.min(1).max(100) });

/** Adds targets to a rule, and replaces those with the same Id. */
export async function putTargets(state: State, { Rule, EventBusName, Targets }: z.infer<typeof putInput>) {
  const rule = ruleOf(state, Rule, EventBusName);
  const kept = rule.targets.map(({ given }) => given);
  const replaced = new Map([...kept, ...Targets].map((target) => [target.Id, target]));
  await saveRule(state, { ...rule, targets: targetsOf(state.cloud, rule, [...replaced.values()]) });
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export const removeInput = z.strictObject({ ...reference, Ids: z.array(z.string()).min(1) });

export async function removeTargets(state: State, { Rule, EventBusName, Ids }: z.infer<typeof removeInput>) {
  const rule = ruleOf(state, Rule, EventBusName);
  const FailedEntries = Ids.filter((id) => !rule.targets.some((target) => target.id === id)).map(
    (TargetId) => ({
      TargetId,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `rule ${rule.name} has no target ${TargetId}`,
    }),
  );
  await saveRule(state, { ...rule, targets: rule.targets.filter(({ id }) => !Ids.includes(id)) });
  return { FailedEntryCount: FailedEntries.length, FailedEntries };
}
