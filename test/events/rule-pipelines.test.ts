import { describe, expect, it } from 'vitest';
import { deployedRules } from '../../events/rule.ts';
import { parseRule } from '../../events/rule-file.ts';
import {
  branchPipelinesOf,
  copiesOf,
  endPipelinesOf,
  endsOf,
  rulesOfPipeline,
  startedPipelinesOf,
} from '../../events/rule-pipelines.ts';

const rule = (options: string, name = 'acme') =>
  parseRule(`description: x\nmatch: { event: [push] }\n${options}\n`, `${name}.yaml`);

const none = rule('');
const whole = rule('pipeline: site');
const prefixed = rule('pipeline: { name: "build-{name}", prefix: build- }');
const branches = rule('pipeline: { template: app, each: branch }');
const withTeardown = rule('pipeline: { template: app, each: pull-request, teardown: clean }');
const ending = rule('on-delete: { pipeline: gone }\non-close: { pipeline: closed }');

it.each([
  ['site', ['whole']],
  ['build-site', ['prefixed']],
  ['build-', ['prefixed']],
  ['app', ['branches', 'down']],
  ['clean', ['down']],
  ['gone', ['ending']],
  ['closed', ['ending']],
  ['sit', []],
  ['site-', []],
  ['xbuild-', []],
  ['app-main', []],
  ['*', []],
  ['', []],
])('the rules that start the pipeline %j, copy it or end by it are %j', (name, expected) => {
  const rules = { none, whole, prefixed, branches, down: withTeardown, ending };
  const named = Object.entries(rules).map(([each, of]) => ({ ...of, name: each }));
  expect(rulesOfPipeline(named, name).map((of) => of.name)).toEqual(expected);
});

describe('the pipelines of rules', () => {
  it('are those that they start, each once, and by its prefix where only that is known', () => {
    expect(startedPipelinesOf([none, whole, prefixed, branches, whole, ending])).toEqual(['site', 'build-*']);
  });

  it('are the copies of templates, each template once', () => {
    expect(copiesOf([none, whole, branches, withTeardown])).toEqual(['app-*']);
    expect(branchPipelinesOf([whole, branches, withTeardown]).map(({ each }) => each)).toEqual([
      'branch',
      'pull-request',
    ]);
  });

  it('are those that run at the end, each once', () => {
    expect(endPipelinesOf([none, whole, branches])).toEqual([]);
    expect(endPipelinesOf([ending, withTeardown, ending])).toEqual(['clean', 'gone', 'closed']);
  });

  it.each([
    ['no rule', [], false],
    ['rules that start pipelines alone', [none, whole, prefixed], false],
    ['a pipeline for each branch, which is deleted then', [whole, branches], true],
    ['a pipeline for the end', [ending], true],
    ['both', [withTeardown, ending], true],
  ])('have something to do at the end of a branch, or not: %s', (_title, rules, ends) => {
    expect(endsOf(rules)).toBe(ends);
  });
});

it('the rules that are deployed are all but those that say no', () => {
  const rules = [rule('', 'one'), rule('deploy: false', 'local'), rule('deploy: true', 'two')];
  expect(deployedRules(rules).map(({ name }) => name)).toEqual(['one', 'two']);
});

it.each([
  ['', false],
  ['status: true', true],
  ['status: checks', { checks: true }],
  ['status: { context: ci, checks: true }', { context: 'ci', checks: true }],
])('the status of a rule with %j is %j', (text, status) => {
  expect(rule(text).status).toEqual(status);
});
