import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DESCRIPTION } from '../../events/rule.ts';
import { parseRule } from '../../events/rule-file.ts';
import { type RuleDraft, ruleText } from '../../events/rule-text.ts';

const SCHEMA = '# yaml-language-server: $schema=../rule.schema.json';

/** The rule that the text holds. */
const rule = (draft: RuleDraft) => parseRule(ruleText('acme', draft), 'acme.yaml');
/** The YAML without the line of the schema. */
const yaml = (draft: RuleDraft): string => ruleText('acme', draft).split('\n').slice(1).join('\n');

it('the text of a rule names its schema, and has every member that its draft has', () => {
  const draft: Required<RuleDraft> = {
    description: 'the site',
    event: ['push', 'release'],
    repository: 'acme/site',
    ref: 'main',
    tag: 'v1',
    pipeline: 'site',
    status: true,
    paths: ['src/**'],
    skipCi: true,
    skipSuperseded: true,
  };
  expect(ruleText('acme', draft)).toBe(`${SCHEMA}
description: the site
match:
  event:
    - push
    - release
  payload:
    ref:
      - refs/heads/main
      - refs/tags/v1
    repository:
      full_name:
        - acme/site
paths:
  - src/**
skip:
  - ci-words
pipeline: site
status: true
superseded: skip
`);
});

describe('what a draft leaves out or says no to', () => {
  const least = 'description: push of every repository\nmatch:\n  event:\n    - push\n';

  it.each<[string, RuleDraft]>([
    ['nothing else', {}],
    ['empty texts', { description: '', repository: '', ref: '', tag: '', pipeline: '' }],
    ['an empty list of paths', { paths: [] }],
    ['no to each question', { status: false, skipCi: false, skipSuperseded: false }],
  ])('stands nowhere in the text: %s', (_title, draft) => {
    expect(yaml({ event: ['push'], ...draft })).toBe(least);
  });

  it('leaves out the event too, for a rule of every event', () => {
    const text =
      'description: every event of a/b\nmatch:\n  payload:\n    repository:\n      full_name:\n        - a/b\n';
    expect(yaml({ event: [], repository: 'a/b' })).toBe(text);
    expect(yaml({ repository: 'a/b' })).toBe(text);
  });
});

describe('the description of a rule without one', () => {
  it.each<[RuleDraft, string]>([
    [{ event: ['push'] }, 'push of every repository'],
    [{ event: ['push', 'create'], repository: 'a/b' }, 'push, create of a/b'],
    [{ event: ['push'], ref: 'main' }, 'push to main of every repository'],
    [{ repository: 'a/*', tag: 'v*' }, 'every event to tag v* of a/*'],
    [{ ref: 'main', tag: 'v1' }, 'every event to main or tag v1 of every repository'],
  ])('%j: %s', (draft, description) => {
    expect(rule(draft).description).toBe(description);
  });

  it('is no longer than a description may be', () => {
    const { description } = rule({ event: ['push'], ref: 'x'.repeat(MAX_DESCRIPTION) });
    expect(description).toBe(`push to ${'x'.repeat(MAX_DESCRIPTION - 'push to '.length)}`);
  });
});

describe('a name with * at its end', () => {
  it.each<[RuleDraft, unknown]>([
    [{ repository: 'acme/*' }, { repository: { full_name: [{ prefix: 'acme/' }] } }],
    [{ ref: 'release/*' }, { ref: [{ prefix: 'refs/heads/release/' }] }],
    [{ tag: 'v*' }, { ref: [{ prefix: 'refs/tags/v' }] }],
    [{ ref: 'tag v*' }, { ref: [{ prefix: 'refs/tags/v' }] }],
    [{ ref: 'refs/heads/*' }, { ref: [{ prefix: 'refs/heads/' }] }],
  ])('takes every name that begins so: %j', (draft, payload) => {
    expect(rule(draft).match.payload).toEqual(payload);
  });
});

describe('a ref', () => {
  it.each<[readonly string[], string]>([
    [[], 'refs/heads/main'],
    [['push'], 'refs/heads/main'],
    [['create'], 'main'],
    [['create', 'delete'], 'main'],
    [['create', 'push'], 'refs/heads/main'],
  ])('is written as the payload of %j has it: %s', (event, ref) => {
    expect(rule({ event, ref: 'main' }).match.payload).toEqual({ ref: [ref] });
  });
});

describe('a draft that no delivery fits', () => {
  it.each<[RuleDraft, string]>([
    [{ event: ['pussh'] }, 'acme.yaml:5:7: match.event is "pussh": no git host sends'],
    [{ repository: 'acme' }, 'acme.yaml:7:11: the repository is "acme": no repository is called so'],
    [{ ref: 'my branch' }, 'acme.yaml:6:9: the ref is "refs/heads/my branch": a push has the full ref'],
  ])('is refused with the reason: %j', (draft, message) => {
    expect(() => ruleText('acme', draft)).toThrow(
      expect.objectContaining({ name: 'RuleFileError', message: expect.stringContaining(message) }),
    );
  });

  it('is refused where its rule would not be valid', () => {
    expect(() => ruleText('acme', {})).toThrow('acme.yaml:3:8: match is {}: an empty match takes nothing');
    expect(() => ruleText('No Name', { event: ['push'] })).toThrow('a rule is named after its file');
  });
});

it('any text is the description of a rule that reads the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (description) => {
      fc.pre(description.length <= MAX_DESCRIPTION);
      expect(rule({ event: ['push'], description }).description).toBe(description);
    }),
    { numRuns: 50 },
  );
});
