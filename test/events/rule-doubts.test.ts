import { describe, expect, it } from 'vitest';
import { ruleDoubts } from '../../events/rule-doubts.ts';
import { problemText, RuleFileError } from '../../events/rule-problem.ts';

type DeployedTo = Parameters<typeof ruleDoubts>[2];

/** The doubts of a rule, each as a line, without the advice. */
const doubts = (text: string, to?: DeployedTo): string[] =>
  ruleDoubts(`description: x\n${text}`, 'rules/acme.yaml', to).map(problemText);
const match = (text: string): string[] => doubts(`match: ${text}\n`);
const place = (column: number): string => `rules/acme.yaml:2:${column}:`;

describe('the event of a rule', () => {
  const never = (column: number, name: string): string =>
    `${place(column)} match.event is "${name}": no git host sends an event of this name; write one as push, create or release`;

  it.each<[string, string[]]>([
    ['{ event: [push, release, pull_request] }', []],
    ['{ event: [pussh] }', [never(18, 'pussh')]],
    ['{ event: [push, Push, ""] }', [never(24, 'Push'), never(30, '')]],
    // Which texts a condition that is no plain text takes is not looked into.
    ['{ event: [{ prefix: pussh }] }', []],
    ['{ event: { name: [pussh] } }', []],
  ])('%s: %j', (text, expected) => {
    expect(match(text)).toEqual(expected);
  });
});

describe('the repository of a rule', () => {
  const never = (name: string): string =>
    `${place(47)} the repository is "${name}": no repository is called so; write owner/name, or { prefix: owner/ } for all of an owner`;

  it.each<[string, string[]]>([
    ['acme/app', []],
    ['acme', [never('acme')]],
    ['acme/', [never('acme/')]],
    ['/app', [never('/app')]],
    ['acme/app/more', [never('acme/app/more')]],
    ['{ prefix: acme }', []],
  ])('%s: %j', (name, expected) => {
    expect(match(`{ payload: { repository: { full_name: [${name}] } } }`)).toEqual(expected);
  });

  it('is looked for in the payload alone', () => {
    expect(match('{ payload: { repository: { name: [acme] } } }')).toEqual([]);
    expect(match('{ payload: { repository: [acme] } }')).toEqual([]);
    expect(match('{ payload: { full_name: [acme] } }')).toEqual([]);
  });
});

describe('the ref of a rule', () => {
  const never = (column: number, name: string): string =>
    `${place(column)} the ref is "${name}": a push has the full ref; write it as refs/heads/main or refs/tags/v1`;

  it.each<[string, string[]]>([
    ['{ payload: { ref: [refs/heads/main, { prefix: rel }] } }', []],
    ['{ payload: { ref: [main] } }', [never(27, 'main')]],
    ['{ event: [push], payload: { ref: [refs/tags/v1, v1] } }', [never(56, 'v1')]],
    ['{ event: [create], payload: { ref: [main] } }', []],
    // The payload of one of the two events has the short name.
    ['{ event: [push, create], payload: { ref: [main] } }', []],
    ['{ event: [{ prefix: p }], payload: { ref: [main] } }', []],
    ['{ host: [github.com] }', []],
    ['{ $or: [{ payload: { ref: [main] } }, { host: [a] }] }', []],
  ])('%s: %j', (text, expected) => {
    expect(match(text)).toEqual(expected);
  });
});

describe('where a rule is deployed to', () => {
  const PUSH = 'match: { event: [push] }\n';
  const EC2 = `${PUSH}pull: { compute: ec2 }\n`;
  const CHECKS = `${PUSH}status: { context: x, checks: true }\n`;
  const noCompute = "the rule acme pulls on CodeBuild's Lambda compute, which eu-north-1 does not have";
  const noApp = 'a check run is written by a GitHub App alone, and the credential of github.com may be none';

  it.each<[string, string, DeployedTo, unknown[]]>([
    ['the Region has the compute', PUSH, { region: 'eu-west-1' }, []],
    ['it is not known where to', PUSH, {}, []],
    ['the rule pulls on EC2', EC2, { region: 'eu-north-1' }, []],
    ['the rule is not deployed', `${PUSH}deploy: false\n`, { region: 'eu-north-1' }, []],
    ['the hosts are not known', CHECKS, {}, []],
    ['the host has an App', CHECKS, { hosts: { 'github.com': { app: true } } }, []],
    ['the rule asks for no check run', `${PUSH}status: true\n`, { hosts: { 'github.com': {} } }, []],
    [
      'the host has no App',
      CHECKS,
      { hosts: { 'github.com': {} } },
      [expect.stringContaining(`rules/acme.yaml:3:9: ${noApp}`)],
    ],
    [
      'the Region lacks the compute, which the rule names',
      `${PUSH}pull: { lfs: true, compute: lambda }\n`,
      { region: 'eu-north-1' },
      [expect.stringContaining(`rules/acme.yaml:3:29: ${noCompute}`)],
    ],
    [
      'the Region lacks the compute, which the rule does not name',
      PUSH,
      { region: 'eu-north-1' },
      [expect.stringContaining(`rules/acme.yaml:1:1: ${noCompute}`)],
    ],
  ])('%s', (_title, text, to, expected) => {
    expect(doubts(text, to)).toEqual(expected);
  });
});

it('each doubt names the path of its value', () => {
  const text =
    'description: x\nmatch: { event: [push, pussh], payload: { repository: { full_name: [a/b, acme] } } }\nstatus: checks\n';
  const found = ruleDoubts(text, 'acme.yaml', { region: 'eu-north-1', hosts: { 'github.com': {} } });
  expect(found.map(({ path }) => path)).toEqual([
    ['match', 'event', 1],
    ['match', 'payload', 'repository', 'full_name', 1],
    ['pull', 'compute'],
    ['status'],
  ]);
});

it('a rule that is not valid has problems, and no doubts', () => {
  expect(() => doubts('match: { event: push }\n')).toThrow(RuleFileError);
});
