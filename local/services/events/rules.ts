import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Provisioned, Resource } from '../../core/cloud.ts';
import { inert, tagList } from '../../core/forms.ts';
import { pageOf } from '../../core/paging.ts';
import { pageMembers } from './lists.ts';
import { millisecondsOf } from './rate.ts';
import { keepTemplateRule, matcherOf, saveRule } from './rule-store.ts';
import { arnOf, busOf, DEFAULT_BUS, type Rule, ruleOf, type State } from './tables.ts';
import { type Target, targetList, targetsOf } from './target.ts';

const name = z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'a rule name holds 1 to 64 of A-Z a-z 0-9 . - _');

const ruleMembers = {
  EventBusName: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Description: z.string().max(512).optional(),
};

interface RuleInput {
  readonly Name: string;
  readonly EventBusName?: string | undefined;
  /** as JSON */
  readonly EventPattern?: string | undefined;
  readonly ScheduleExpression?: string | undefined;
  readonly State: Rule['state'];
  readonly Description?: string | undefined;
}

/** A rule without targets. */
function ruleFrom(state: State, input: RuleInput): Rule {
  const { Name, EventBusName, EventPattern, ScheduleExpression, State, Description } = input;
  if (!EventPattern && !ScheduleExpression)
    throw new AwsError(
      'ValidationException',
      `Parameter(s) EventPattern or ScheduleExpression must be specified for rule ${Name}.`,
    );
  const bus = busOf(state, EventBusName).name;
  checkSchedule(input, bus);
  const arn = arnOf(state.cloud, `rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${Name}`);
  return {
    name: Name,
    bus,
    arn,
    description: Description,
    state: State,
    pattern: EventPattern,
    schedule: ScheduleExpression,
    matches: matcherOf({ pattern: EventPattern, arn }),
    targets: [],
  };
}

function checkSchedule({ EventPattern, ScheduleExpression }: RuleInput, bus: string): void {
  if (ScheduleExpression === undefined) return;
  if (EventPattern)
    throw unsupported('a rule with both an EventPattern and a ScheduleExpression: make two rules');
  if (bus !== DEFAULT_BUS)
    throw new AwsError(
      'ValidationException',
      'ScheduleExpression is supported only on the default event bus.',
    );
  millisecondsOf(ScheduleExpression);
}

export const ruleProperties = z.strictObject({
  ...ruleMembers,
  Name: name.optional(),
  // CloudFormation takes a text too: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1414
  EventPattern: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  ScheduleExpression: z.string().optional(),
  Targets: targetList.default([]),
  Tags: inert(tagList),
});

/** Makes a rule of the template. A rule that the API switched off or on stays so until the template's own state changes. */
export async function provisionRule(
  state: State,
  properties: z.infer<typeof ruleProperties>,
  { generatedName }: Resource,
): Promise<Provisioned> {
  const { Name = generatedName.slice(-64), EventPattern, Targets, ...rest } = properties;
  const pattern = typeof EventPattern === 'object' ? JSON.stringify(EventPattern) : EventPattern;
  const rule = ruleFrom(state, { Name, EventPattern: pattern, ...rest });
  const targets = targetsOf(state.cloud, rule, Targets);
  refuseMadeByCalls(targets);
  const key = `${rule.bus}/${rule.name}`;
  const switched = state.switches.get(key);
  const made = {
    ...rule,
    ...(switched?.from === rule.state && { state: switched.to }),
    targets,
  };
  await keepTemplateRule(state, made);
  state.fromTemplate.add(key);
  state.rules.set(key, made);
  return {
    ref: rule.bus === DEFAULT_BUS ? rule.name : `${rule.bus}|${rule.name}`,
    attributes: { Arn: rule.arn },
  };
}

/** @throws UnsupportedOperation for a target of a kind that calls alone make: those of a template do nothing here */
function refuseMadeByCalls(targets: readonly Target[]): void {
  const refused = targets.find(({ kind }) => kind === 'sns' || kind === 'api-destination');
  if (refused) throw unsupported(`the rule target ${refused.arn} of a template`);
}

/** Removes a rule that the template gives up: it takes no more events, and those that it took go on to its targets. */
export async function removeRule(state: State, { ref }: Provisioned): Promise<void> {
  const key = ref.includes('|') ? ref.replace('|', '/') : `${DEFAULT_BUS}/${ref}`;
  state.rules.delete(key);
  state.fromTemplate.delete(key);
  await state.switches.remove(key);
}

export const putRuleInput = z.strictObject({
  ...ruleMembers,
  Name: name,
  EventPattern: z.string().optional(),
});

export async function putRule(state: State, input: z.infer<typeof putRuleInput>) {
  const rule = ruleFrom(state, input);
  const targets = state.rules.get(`${rule.bus}/${rule.name}`)?.targets ?? [];
  await saveRule(state, { ...rule, targets });
  return { RuleArn: rule.arn };
}

/** The input of an operation on one rule. */
export const ruleReference = z.strictObject({ Name: name, EventBusName: z.string().optional() });
type RuleReference = z.infer<typeof ruleReference>;

/** @throws ValidationException for a rule that still has targets */
export async function deleteRule(state: State, { Name, EventBusName }: RuleReference): Promise<void> {
  const bus = busOf(state, EventBusName).name;
  const rule = state.rules.get(`${bus}/${Name}`);
  if (!rule) return;
  if (rule.targets.length > 0)
    throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
  state.rules.delete(`${bus}/${Name}`);
  await state.apiRules.remove(`${bus}/${Name}`);
}

export async function switchRule(
  state: State,
  { Name, EventBusName }: RuleReference,
  to: Rule['state'],
): Promise<void> {
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

export function describeRule(state: State, { Name, EventBusName }: RuleReference) {
  return { ...described(ruleOf(state, Name, EventBusName)), CreatedBy: state.cloud.account };
}

export const listInput = z.strictObject({
  NamePrefix: z.string().default(''),
  EventBusName: z.string().optional(),
  ...pageMembers,
});

export function listRules(state: State, input: z.infer<typeof listInput>) {
  const { NamePrefix, EventBusName, Limit, NextToken } = input;
  const rules = rulesOf(state, busOf(state, EventBusName).name);
  const named = rules.filter((rule) => rule.name.startsWith(NamePrefix));
  const { items, next } = pageOf(named, ({ name }) => name, { limit: Limit, after: NextToken });
  return { Rules: items.map(described), NextToken: next };
}

export const listNamesInput = z.strictObject({
  TargetArn: z.string(),
  EventBusName: z.string().optional(),
  ...pageMembers,
});

export function listRuleNamesByTarget(state: State, input: z.infer<typeof listNamesInput>) {
  const { TargetArn, EventBusName, Limit, NextToken } = input;
  const rules = rulesOf(state, busOf(state, EventBusName).name);
  const leading = rules.filter(({ targets }) => targets.some(({ arn }) => arn === TargetArn));
  const { items, next } = pageOf(leading, ({ name }) => name, { limit: Limit, after: NextToken });
  return { RuleNames: items.map((rule) => rule.name), NextToken: next };
}

function rulesOf(state: State, bus: string): Rule[] {
  return [...state.rules.values()].filter((rule) => rule.bus === bus);
}

function described({ name: Name, arn, bus, description, state: State, pattern, schedule }: Rule) {
  const when = { EventPattern: pattern, ScheduleExpression: schedule };
  return { Name, Arn: arn, EventBusName: bus, Description: description, State, ...when };
}
