import { type EventPath, WEBHOOKS } from './bus-event.ts';
import type { Match } from './match.ts';
import type { RawInput } from './raw-input.ts';
import type { BundledRule, NamedRule, Rule, RuleOptions } from './rule.ts';

/**
 * A rule as it is bundled with the functions that verify: with the match, which the verified bytes are held against.
 */
export const bundledRule = (rule: NamedRule): BundledRule => ({ ...ruleOptions(rule), match: rule.match });

/** The options of a rule that the functions know. */
export function ruleOptions({ match, description: _, deploy: __, ...options }: NamedRule): RuleOptions {
  const actions = textsOf(match, actionsOf);
  return {
    ...options,
    asksFor: textsOf(match, ({ event }) => event),
    ...(actions.length > 0 ? { actions } : {}),
  };
}

/** The input transformer of a rule, which makes the machine's `RawInput`: everything but the parsed payload. A path that is missing becomes "". */
export function ruleInput(rule: NamedRule): {
  inputPathsMap: Record<string, string>;
  inputTemplate: string;
} {
  const paths = {
    eventId: '$.id',
    time: '$.time',
    replayName: '$.replay-name',
    provider: '$.detail.provider',
    host: '$.detail.host',
    event: '$.detail.headers.event',
    delivery: '$.detail.headers.delivery',
    signature: '$.detail.headers.signature',
    body: '$.detail.body',
  } satisfies Record<string, EventPath>;
  // EventBridge writes values into the template as they are. The door lets no quote in, and what decides stands last, where
  // it would win over a member of the same name.
  const template = {
    provider: '<provider>',
    host: '<host>',
    headers: { event: '<event>', delivery: '<delivery>', signature: '<signature>' },
    body: '<body>',
    eventId: '<eventId>',
    time: '<time>',
    replayName: '<replayName>',
    rule: rule.name,
  } satisfies Record<keyof Omit<RawInput, 'options'>, string | RawInput['headers']>;
  // The names that the rule had, by which its deliveries are on record, and what the console says of a deployed rule. Validate
  // takes the options of the rule as it is deployed then.
  // EventBridge takes `<` for the beginning of a placeholder, so that those of the options are escaped.
  const options = JSON.stringify(ruleOptions(rule)).replaceAll('<', '\\u003c');
  const json = `${JSON.stringify(template).slice(0, -1)},"options":${options}}`;
  return { inputPathsMap: paths, inputTemplate: json };
}

/** The EventBridge pattern of a rule, on the whole event: webhooks, and not what becomes of them. */
export function eventPattern({ match }: Rule): typeof WEBHOOKS & { readonly detail: Rule['match'] } {
  return { ...WEBHOOKS, detail: match };
}

/** The pattern as a template holds it: CloudFormation takes no null in a template, so a pattern with one stands there as a text. */
export function templatePattern(rule: Rule): object | string {
  const pattern = eventPattern(rule);
  return hasNull(pattern) ? JSON.stringify(pattern) : pattern;
}

const hasNull = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.values(value).some(hasNull));

/** The texts that a match names for a member, in whichever of its alternatives. */
function textsOf(match: Match, member: (match: Match) => Match[string]): string[] {
  const conditions = member(match);
  const named = isList(conditions) ? [...conditions].filter((each) => typeof each === 'string') : [];
  const others = (match.$or ?? []).flatMap((alternative) => textsOf(alternative, member));
  return [...new Set([...named, ...others])];
}

/** The actions below the payload, whose alternatives may stand below it too. */
function actionsOf({ payload }: Match): Match[string] {
  if (payload === undefined || isList(payload)) return undefined;
  return textsOf(payload, ({ action }) => action);
}

const isList = (value: Match[string]): value is Extract<Match[string], readonly unknown[]> =>
  Array.isArray(value);
