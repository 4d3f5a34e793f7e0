import { describe, expect, it } from 'vitest';
import { detailOf } from '../../events/bus-event.ts';
import { rawInputSchema } from '../../events/raw-input.ts';
import { parseRule } from '../../events/rule-file.ts';
import { bundledRule, ruleInput, ruleOptions } from '../../events/rule-input.ts';

const parse = (text: string) => parseRule(`description: all\n${text}`, 'rules/acme.yaml');
const rule = parse('match: { event: [push], payload: { action: [opened] } }\npaths: ["<a>"]\n');
const webhook = {
  provider: 'github' as const,
  host: 'git.example.com',
  headers: { event: 'push', delivery: 'delivery-1', signature: 'sha256=00' },
  body: 'e30=',
};
const event = {
  id: 'event-1',
  time: '2026-01-01T00:00:00Z',
  'replay-name': 'replay-1',
  detail: detailOf(webhook, {}),
};

/** What EventBridge makes of the transformer. */
function transformed(from: object) {
  const { inputPathsMap, inputTemplate } = ruleInput(rule);
  const valueAt = (path: string) =>
    path
      .split('.')
      .slice(1)
      .reduce<unknown>((value, name) => (value ? Reflect.get(Object(value), name) : undefined), from);
  return JSON.parse(
    inputTemplate.replace(/<(\w+)>/g, (_, name: string) => String(valueAt(inputPathsMap[name] ?? '') ?? '')),
  );
}

describe('what a rule sends to the machine', () => {
  it('is the webhook, where it comes from, and the rule', () => {
    expect(transformed(event)).toEqual({
      ...webhook,
      eventId: 'event-1',
      time: '2026-01-01T00:00:00Z',
      replayName: 'replay-1',
      rule: 'acme',
      options: JSON.parse(JSON.stringify(ruleOptions(rule))),
    });
    expect(rawInputSchema.parse(transformed(event))).toMatchObject({ options: { paths: ['<a>'] } });
  });

  it('has no name of a replay when the host has sent it', () => {
    const { 'replay-name': _, ...first } = event;
    expect(transformed(first)).toMatchObject({ replayName: '' });
  });
});

describe('the options that the functions know', () => {
  it('are all but the match, the description and what is for the deploy', () => {
    for (const name of ['match', 'description', 'deploy']) expect(ruleOptions(rule)).not.toHaveProperty(name);
    expect(bundledRule(rule)).toEqual({ ...ruleOptions(rule), match: rule.match });
  });

  it('say which events and actions the rule asks for, in whichever alternative, each once', () => {
    expect(ruleOptions(rule)).toMatchObject({ asksFor: ['push'], actions: ['opened'] });
    const either = parse(
      'match: { $or: [{ event: [push, { prefix: x }] }, { event: [push, create], payload: { action: [made] } }] }',
    );
    expect(ruleOptions(either).asksFor).toEqual(['push', 'create']);
    expect(ruleOptions(parse('match: { event: [push] }'))).not.toHaveProperty('actions');
  });

  it('say the actions that alternatives below the payload ask for', () => {
    const either = parse(
      'match: { event: [pull_request], payload: { $or: [{ action: [opened] }, { action: [closed, opened] }] } }',
    );
    expect(ruleOptions(either).actions).toEqual(['opened', 'closed']);
  });
});
