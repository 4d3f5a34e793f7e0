import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Provisioned, Resource } from '../../core/cloud.ts';
import { compilePattern } from '../../core/event-pattern/compile.ts';
import { page } from './page.ts';
import { keepTemplateRule, saveRule } from './rule-store.ts';
import { arnOf, busOf, DEFAULT_BUS, type Rule, ruleOf, type State } from './tables.ts';
import { targetInput, targetOf } from './target.ts';

const name = z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'a rule name holds 1 to 64 of A-Z a-z 0-9 . - _');

const ruleInput = z.object({
  Name: name,
  EventBusName: z.string().optional(),
  // The API takes text, a template holds the object.
  EventPattern: z
    .union([z.string(), z.record(z.string(), z.unknown()).transform((it) => JSON.stringify(it))])
    .optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Description: z.string().max(512).optional(),
});

const ruleReference = z.object({ Name: name, EventBusName: z.string().optional() });

function ruleFrom(state: State, input: unknown): Rule {
  const { Name, EventBusName, EventPattern, ScheduleExpression, State, Description } = ruleInput.parse(input);
  if (ScheduleExpression) throw unsupported(`the schedule ${ScheduleExpression} of rule ${Name}`);
  if (!EventPattern)
    throw new AwsError(
      'ValidationException',
      `Parameter(s) EventPattern or ScheduleExpression must be specified for rule ${Name}.`,
    );
  const bus = busOf(state, EventBusName).name;
  return {
    name: Name,
    bus,
    arn: arnOf(state.cloud, `rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${Name}`),
    description: Description,
    state: State,
    pattern: EventPattern,
    matches: compilePattern(EventPattern),
    targets: [],
  };
}

/** A rule of the template; one that the API has switched off or on stays so until the template says otherwise. */
export async function provisionRule(
  state: State,
  { properties, generatedName }: Resource,
): Promise<Provisioned> {
  const rule = ruleFrom(state, { Name: generatedName.slice(-64), ...properties });
  const { Targets } = z.object({ Targets: z.array(targetInput).default([]) }).parse(properties);
  const key = `${rule.bus}/${rule.name}`;
  const switched = state.switches.get(key);
  const made = {
    ...rule,
    ...(switched?.from === rule.state && { state: switched.to }),
    targets: Targets.map(targetOf),
  };
  await keepTemplateRule(state, made);
  state.fromTemplate.add(key);
  state.rules.set(key, made);
  return {
    ref: rule.bus === DEFAULT_BUS ? rule.name : `${rule.bus}|${rule.name}`,
    attributes: { Arn: rule.arn },
  };
}

/** A rule that the template gives up takes no more events; those it has taken go on to its targets. */
export async function removeRule(state: State, { ref }: Provisioned): Promise<void> {
  const key = ref.includes('|') ? ref.replace('|', '/') : `${DEFAULT_BUS}/${ref}`;
  state.rules.delete(key);
  state.fromTemplate.delete(key);
  await state.switches.remove(key);
}

export async function putRule(state: State, input: unknown) {
  const rule = ruleFrom(state, input);
  const targets = state.rules.get(`${rule.bus}/${rule.name}`)?.targets ?? [];
  await saveRule(state, { ...rule, targets });
  return { RuleArn: rule.arn };
}

/** @throws ValidationException for a rule that still has targets */
export async function deleteRule(state: State, input: unknown): Promise<void> {
  const { Name, EventBusName } = ruleReference.parse(input);
  const bus = busOf(state, EventBusName).name;
  const rule = state.rules.get(`${bus}/${Name}`);
  if (!rule) return;
  if (rule.targets.length > 0)
    throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
  state.rules.delete(`${bus}/${Name}`);
  await state.apiRules.remove(`${bus}/${Name}`);
}

export async function switchRule(state: State, input: unknown, to: Rule['state']): Promise<void> {
  const { Name, EventBusName } = ruleReference.parse(input);
  const rule = ruleOf(state, Name, EventBusName);
  const key = `${rule.bus}/${rule.name}`;
  if (rule.state === to) return;
  if (state.fromTemplate.has(key)) {
    const known = state.switches.get(key);
    const from = known?.to === rule.state ? known.from : rule.state;
    await state.switches.put(key, { from, to });
    state.rules.set(key, { ...rule, state: to });
  } else await saveRule(state, { ...rule, state: to });
}

export function describeRule(state: State, input: unknown) {
  const { Name, EventBusName } = ruleReference.parse(input);
  return described(ruleOf(state, Name, EventBusName));
}

export function listRules(state: State, input: unknown) {
  const { NamePrefix, EventBusName } = z
    .object({ NamePrefix: z.string().default(''), EventBusName: z.string().optional() })
    .parse(input);
  const bus = busOf(state, EventBusName).name;
  const found = rulesOf(state, bus).filter((rule) => rule.name.startsWith(NamePrefix));
  const { items, NextToken } = page(found, input);
  return { Rules: items.map(described), NextToken };
}

export function listRuleNamesByTarget(state: State, input: unknown) {
  const { TargetArn, EventBusName } = z
    .object({ TargetArn: z.string(), EventBusName: z.string().optional() })
    .parse(input);
  const bus = busOf(state, EventBusName).name;
  const found = rulesOf(state, bus).filter(({ targets }) => targets.some(({ arn }) => arn === TargetArn));
  const { items, NextToken } = page(found, input);
  return { RuleNames: items.map((rule) => rule.name), NextToken };
}

export function listTargetsByRule(state: State, input: unknown) {
  const { Rule, EventBusName } = z.object({ Rule: name, EventBusName: z.string().optional() }).parse(input);
  const { items, NextToken } = page(ruleOf(state, Rule, EventBusName).targets, input);
  return { Targets: items.map(({ given }) => given), NextToken };
}

const putTargetsInput = z.object({
  Rule: name,
  EventBusName: z.string().optional(),
  Targets: z.array(targetInput).min(1).max(100),
});

export async function putTargets(state: State, input: unknown) {
  const { Rule, EventBusName, Targets } = putTargetsInput.parse(input);
  const rule = ruleOf(state, Rule, EventBusName);
  const replaced = new Map([...rule.targets, ...Targets.map(targetOf)].map((target) => [target.id, target]));
  await saveRule(state, { ...rule, targets: [...replaced.values()] });
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export async function removeTargets(state: State, input: unknown) {
  const { Rule, EventBusName, Ids } = z
    .object({ Rule: name, EventBusName: z.string().optional(), Ids: z.array(z.string()).min(1) })
    .parse(input);
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

function rulesOf(state: State, bus: string): Rule[] {
  const rules = [...state.rules.values()].filter((rule) => rule.bus === bus);
  return rules.sort((left, right) => (left.name < right.name ? -1 : 1));
}

function described({ name: Name, arn, bus, description, state: State, pattern }: Rule) {
  return { Name, Arn: arn, EventBusName: bus, Description: description, State, EventPattern: pattern };
}
