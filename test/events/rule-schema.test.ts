import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { ruleJsonSchema } from '../../events/rule.ts';
import { parseRule, ruleFiles } from '../../events/rule-file.ts';

// Read from its file, as an editor does, by zod's own reader of JSON Schema.
const schema = z.fromJSONSchema(JSON.parse(readFileSync('events/rule.schema.json', 'utf8')));
const editorTakes = (text: string): boolean => schema.safeParse(parse(text)).success;
const parserTakes = (text: string): boolean => {
  try {
    return parseRule(text, 'rules/acme.yaml').name === 'acme';
  } catch {
    return false;
  }
};

const minimal = 'description: all\nmatch: { event: [push] }\n';
const matching = (match: string): string => `description: all\nmatch: ${match}\n`;

const taken = [
  minimal,
  ...['{ event: [push, { prefix: pull }] }', '{ payload: { ref: [{ wildcard: refs/tags/v* }] } }'].map(
    matching,
  ),
  ...[
    '{ payload: { $or: [{ a: [1] }, { b: [null, true] }] } }',
    '{ a: [{ numeric: [">", 0, "<=", 5] }] }',
  ].map(matching),
  ...[
    '{ a: [{ exists: false }] }',
    '{ a: [{ anything-but: { suffix: [x, y] } }] }',
    '{ a: [{ cidr: 10.0.0.0/8 }] }',
  ].map(matching),
  `${minimal}pull: { submodules: true, lfs: true, git: true, compute: ec2 }`,
  `${minimal}pull: { submodules: { from: [acme/*, other/tools, group/**/lib] } }`,
  `${minimal}pull: { git: { depth: 50, tags: true } }`,
  `${minimal}pull: { git: { depth: full } }`,
  `${minimal}pipeline: acme`,
  `${minimal}pipeline: { name: acme, variables: { COMMIT: '{commit} of {branch}' } }`,
  `${minimal}pipeline: { name: 'build-{name}', prefix: build- }`,
  `${minimal}pipeline: { name: 'build-{owner}-{branch}.{tag}', prefix: b, variables: { OWNER: '{owner}' } }`,
  `${minimal}status: true\nsuperseded: start\npaths: [src/**, '!**.md']`,
  `${minimal}superseded: skip`,
  `${minimal}paths-ignore: [docs/**]`,
];
const refused = [
  'description: all\n',
  'match: { event: [push] }\n',
  `${minimal}stats: true`,
  `${minimal}pull: { lsf: true }`,
  `${minimal}pull: { lfs: maybe }`,
  `${minimal}pull: { compute: fargate }`,
  `${minimal}pull: { submodules: [acme/*] }`,
  `${minimal}pull: { submodules: { from: [] } }`,
  `${minimal}pull: { git: full }`,
  `${minimal}pull: { git: { depth: 0 } }`,
  `${minimal}pull: { git: { depth: all } }`,
  `${minimal}pull: { git: { depth: 1.5 } }`,
  `${minimal}pull: { git: { since: 2020 } }`,
  `${minimal}pull: { submodules: { from: [acme/*], depth: 2 } }`,
  `${minimal}pipeline: a b`,
  `${minimal}pipeline: { variables: { A: a } }`,
  `${minimal}pipeline: build-{name}`,
  `${minimal}pipeline: { name: 'build-{repository}', prefix: build- }`,
  `${minimal}pipeline: { name: a, variables: { A: '{sha}' } }`,
  `${minimal}pipeline: { name: a, variables: { 'A B': a } }`,
  `${minimal}paths: []`,
  `${minimal}paths: docs/**`,
  `${minimal}superseded: never`,
  ...['{ event: push }', '{ event: [] }', '{ a: [{ prefx: b }] }', '{ a: [{ prefix: 1 }] }'].map(matching),
  ...[
    '{ a: [{ wildcard: a**b }] }',
    '{ a: [{ cidr: 10.0.0.0 }] }',
    '{ a: [{ anything-but: { suffix: "" } }] }',
  ].map(matching),
  ...['{ $or: [{ a: [1] }] }', '{ a: [{ exists: maybe }] }', '{ a: [{ numeric: ["!=", 1] }] }'].map(matching),
];
// What a JSON Schema cannot say, or not in words that help: the parser says it, in the terminal and at synthesis.
const refusedByTheParser = [
  `${minimal}paths: [a]\npaths-ignore: [b]`,
  `${minimal}paths: ['!a']`,
  `${minimal}paths: [+a]`,
  `${minimal}pipeline: { name: 'build-{name}' }`,
  `${minimal}pipeline: { name: 'build-{name}', prefix: other- }`,
  `${minimal}pipeline: { name: '{name}-build', prefix: build- }`,
  `${minimal}pipeline: { name: build, prefix: build }`,
  `${minimal}pipeline: { name: ${'x'.repeat(101)} }`,
  `${minimal}pull: { submodules: { from: [acme] } }`,
  `${minimal}pull: { submodules: { from: ['!acme/lib'] } }`,
  matching(`{ event: [${'x'.repeat(2048)}] }`),
  `${minimal}paths: [${'a'.repeat(8192)}]`,
  ...['{}', '{ a: {} }', '{ a: [{ numeric: [">", 2, "<", 1] }] }', '{ a: [{ anything-but: [b, 1] }] }'].map(
    matching,
  ),
];

describe('the JSON Schema of a rule', () => {
  it('is what the code makes', async () => {
    await expect(`${JSON.stringify(ruleJsonSchema())}\n`).toMatchFileSnapshot(
      '../../events/rule.schema.json',
    );
  });

  it.each(['events/rules', 'events/examples'])('takes every shipped rule: %s', (folder) => {
    for (const file of ruleFiles(folder))
      expect([file, editorTakes(readFileSync(join(folder, file), 'utf8'))]).toEqual([file, true]);
  });

  it.each(taken)('takes what the parser takes: %j', (text) => {
    expect({ editor: editorTakes(text), parser: parserTakes(text) }).toEqual({ editor: true, parser: true });
  });

  it.each(refused)('refuses what the parser refuses: %j', (text) => {
    expect({ editor: editorTakes(text), parser: parserTakes(text) }).toEqual({
      editor: false,
      parser: false,
    });
  });

  it.each(refusedByTheParser)('leaves to the parser: %j', (text) => {
    expect({ editor: editorTakes(text), parser: parserTakes(text) }).toEqual({ editor: true, parser: false });
  });

  it('takes whatever the parser takes, of any shape', () => {
    const anything = fc.object({
      key: fc.constantFrom('event', 'prefix', '$or', 'payload', 'exists', 'x'),
      maxDepth: 4,
    });
    fc.assert(
      fc.property(anything, (match) => {
        const text = JSON.stringify({ description: 'any', match });
        expect(editorTakes(text) || !parserTakes(text)).toBe(true);
      }),
    );
  });

  it('tells an editor what each option is for', () => {
    const { properties } = z
      .object({ properties: z.record(z.string(), z.looseObject({ description: z.string().min(1) })) })
      .parse(ruleJsonSchema());
    expect(Object.keys(properties)).toEqual([
      'description',
      'match',
      'was',
      'paths',
      'paths-ignore',
      'skip',
      'pull',
      'pull-request',
      'pipeline',
      'on-delete',
      'on-close',
      'status',
      'superseded',
      'deploy',
    ]);
  });
});
