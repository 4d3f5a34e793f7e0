import { afterAll, describe, expect, it } from 'vitest';
import { makeResource } from '../../../../local/core/gate.ts';
import { statesService } from '../../../../local/services/states/index.ts';
import { fakeCloud } from '../../../../local/testing.ts';
import { one, ROLE, resource, setUps } from '../../../support/local/states.ts';

const { folder, remove } = setUps();
afterAll(remove);

async function create(definition: object, properties: object = {}): Promise<unknown> {
  const cloud = fakeCloud(folder());
  const given = { RoleArn: ROLE, DefinitionString: JSON.stringify(definition), ...properties };
  try {
    return await makeResource(cloud.add(statesService(cloud)), resource(given));
  } finally {
    await cloud.close();
  }
}

const end = { End: true };
const task = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', ...end };
const choice = (rule: object) => ({
  StartAt: 'A',
  States: { A: { Type: 'Choice', Choices: [{ Next: 'B', ...rule }] }, B: { Type: 'Succeed' } },
});
const handling = (field: 'Retry' | 'Catch', ...names: readonly string[][]) =>
  one({
    ...task,
    [field]: names.map((ErrorEquals) => ({ ErrorEquals, ...(field === 'Catch' ? { Next: 'A' } : {}) })),
  });
const retrying = (retrier: object) => one({ ...task, Retry: [{ ErrorEquals: ['E'], ...retrier }] });
const catching = (catcher: object) =>
  one({ ...task, Catch: [{ ErrorEquals: ['E'], Next: 'A', ...catcher }] });
const inner = { StartAt: 'C', States: { C: { Type: 'Succeed' } } };
const invoke = (Parameters: object) =>
  one({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters, ...end });

describe('a definition that Step Functions refuses is refused when the machine is made', () => {
  it.each<[string, object, string]>([
    [
      'one name in two branches',
      one({ Type: 'Parallel', Branches: [one({ Type: 'Succeed' }), one({ Type: 'Succeed' })], ...end }),
      'two states have the name A',
    ],
    ['States.ALL beside others', handling('Retry', ['States.ALL', 'Mine']), 'States.ALL beside'],
    ['States.ALL before others', handling('Catch', ['States.ALL'], ['Mine']), 'States.ALL beside'],
    ['an error of States that there is not', handling('Catch', ['States.Nope']), 'States.Nope'],
    ['a Wait without a time', one({ Type: 'Wait', ...end }), 'A has 0 of Seconds'],
    ['a Wait with two', one({ Type: 'Wait', Seconds: 1, SecondsPath: '$.a', ...end }), 'A has 2 of Seconds'],
    ['two time-outs', one({ ...task, TimeoutSeconds: 1, TimeoutSecondsPath: '$.a' }), 'TimeoutSecondsPath'],
    ['two errors', one({ Type: 'Fail', Error: 'a', ErrorPath: '$.a' }), 'A has 2 of Error, ErrorPath'],
    ['two causes', one({ Type: 'Fail', Cause: 'a', CausePath: '$.a' }), 'A has 2 of Cause, CausePath'],
    [
      'a Map with two processors',
      one({
        Type: 'Map',
        ItemProcessor: choice({ Variable: '$.a', IsNull: true }),
        Iterator: one({ Type: 'Succeed' }),
        ...end,
      }),
      'A has 2 of ItemProcessor, Iterator',
    ],
    [
      'a Map with the items of another generation',
      one({ Type: 'Map', Iterator: one({ Type: 'Succeed' }), ItemSelector: { 'a.$': '$' }, ...end }),
      'A has 2 of ItemSelector, Iterator',
    ],
    [
      'a number in quotes',
      choice({ Variable: '$.a', NumericEquals: '1' }),
      'NumericEquals does not take "1"',
    ],
    ['a text without', choice({ Variable: '$.a', StringEquals: 1 }), 'StringEquals does not take 1'],
    ['a test of something else', choice({ Variable: '$.a', IsNull: 'yes' }), 'IsNull does not take "yes"'],
    ['a time that is none', choice({ Variable: '$.a', TimestampEquals: 'now' }), 'TimestampEquals'],
    ['no path to compare with', choice({ Variable: '$.a', StringEqualsPath: 'b' }), 'StringEqualsPath'],
    ['a Variable that is no path', choice({ Variable: 'a', IsNull: true }), 'a Variable that is a path'],
    [
      'Next in an inner rule',
      choice({ And: [{ Variable: '$.a', IsNull: true, Next: 'B' }] }),
      'Next stands in the outermost rule',
    ],
    ['a Variable of many places', choice({ Variable: '$.a[*]', IsNull: true }), 'a path to one place'],
    ['a Variable at any depth', choice({ Variable: '$..a', IsNull: true }), 'a path to one place'],
    [
      'many places to compare with',
      choice({ Variable: '$.a', StringEqualsPath: '$.b[*]' }),
      'StringEqualsPath',
    ],
    ['a backslash before a letter', choice({ Variable: '$.a', StringMatches: 'a\\b' }), 'StringMatches'],
    ['Parameters that are a text', one({ Type: 'Pass', Parameters: 'x', ...end }), 'is no object'],
    ['Parameters that are null', one({ Type: 'Pass', Parameters: null, ...end }), 'is no object'],
    [
      'a ResultSelector that is a function',
      one({ ...task, ResultSelector: 'States.UUID()' }),
      'is no object',
    ],
    [
      'an ItemSelector that is a list',
      one({ Type: 'Map', ItemProcessor: inner, ItemSelector: [], ...end }),
      'is no object',
    ],
    ['a broken path', one({ Type: 'Pass', InputPath: '$.a[', ...end }), '$.a[, which is not a JSONPath'],
    ['a broken path below', one({ Type: 'Pass', Parameters: { 'a.$': '$.b..' }, ...end }), '$.b..'],
    [
      'an intrinsic that there is not',
      one({ Type: 'Pass', Parameters: { 'a.$': 'States.Nope()' }, ...end }),
      'States.Nope',
    ],
    [
      'an inner intrinsic that there is not',
      one({ Type: 'Pass', Parameters: { 'a.$': "States.Format('{}', States.Nope())" }, ...end }),
      'States.Nope',
    ],
    ['no function to invoke', invoke({ Payload: {} }), 'lambda:invoke needs FunctionName'],
    ['a parameter too many', invoke({ 'FunctionName.$': '$.f', Paylaod: {} }), 'no parameter Paylaod'],
    ['no state that ends', one({ Type: 'Pass', Next: 'A' }), 'no terminal state'],
    ['And of nothing', choice({ And: [] }), 'And needs a rule'],
    ['And of one that is no list', choice({ And: { Variable: '$.a', IsNull: true } }), 'a list of rules'],
    ['Not of a list', choice({ Not: [{ Variable: '$.a', IsNull: true }] }), 'Not takes a rule'],
    ['Or of a text', choice({ Or: ['x'] }), 'Or takes a list of rules'],
    [
      'a Variable beside And',
      choice({ And: [{ Variable: '$.a', IsNull: true }], Variable: '$.a' }),
      'no Variable of its own',
    ],
    ['a comment that is none', choice({ Variable: '$.a', IsNull: true, Comment: 1 }), 'Comment is no text'],
    [
      'a pattern by path',
      choice({ Variable: '$.a', StringMatchesPath: '$.b' }),
      'no operator StringMatchesPath',
    ],
    ['a cause that is a number', one({ Type: 'Fail', CausePath: 'States.MathAdd(1, 2)' }), 'States.MathAdd'],
    ['an error that is a list', one({ Type: 'Fail', ErrorPath: 'States.Array(1)' }), 'States.Array for'],
    ['a Wait over three years', one({ Type: 'Wait', Seconds: 100_000_000, ...end }), '<=99999999'],
    ['seconds of many places', one({ Type: 'Wait', SecondsPath: '$.a[*]', ...end }), 'the SecondsPath'],
    ['seconds of the context', one({ Type: 'Wait', SecondsPath: '$$.a', ...end }), 'the SecondsPath'],
    ['a time at any depth', one({ Type: 'Wait', TimestampPath: '$..a', ...end }), 'the TimestampPath'],
    ['a time-out of many places', one({ ...task, TimeoutSecondsPath: '$.a[*]' }), 'the TimeoutSecondsPath'],
    ['a time-out over three years', one({ ...task, TimeoutSeconds: 100_000_000 }), '<=99999999'],
    ['a catcher’s result at many places', catching({ ResultPath: '$.a[*]' }), 'the ResultPath $.a[*]'],
    ['a catcher’s result in the context', catching({ ResultPath: '$$.a' }), 'the ResultPath $$.a'],
    ['a hundred million attempts', retrying({ MaxAttempts: 100_000_000 }), '<=99999999'],
    ['an interval over three years', retrying({ IntervalSeconds: 100_000_000 }), '<=99999999'],
    ['a delay of a year', retrying({ MaxDelaySeconds: 31_622_400 }), '<=31622399'],
    ['an error without a name', retrying({ ErrorEquals: [''] }), 'ErrorEquals'],
    [
      'a value and its path',
      one({ Type: 'Pass', Parameters: { b: { a: 1, 'a.$': '$.b' } }, ...end }),
      'A has both a and a.$',
    ],
    [
      'eleven nested functions',
      one({ Type: 'Pass', Parameters: { 'a.$': `${'States.Array('.repeat(11)}1${')'.repeat(11)}` }, ...end }),
      'more than 10 functions',
    ],
    [
      'two inputs of an item',
      one({ Type: 'Map', Iterator: inner, Parameters: {}, ItemSelector: {}, ...end }),
      'A has 2 of ItemSelector, Parameters',
    ],
    [
      'items of many places',
      one({ Type: 'Map', Iterator: inner, ItemsPath: '$.a[*]', ...end }),
      'the ItemsPath $.a[*]',
    ],
    ['more than 1 MB', { ...one({ Type: 'Succeed' }), Comment: 'x'.repeat(1024 * 1024) }, 'at most 1048576'],
  ])('%s', async (_what, definition, message) => {
    await expect(create(definition)).rejects.toMatchObject({
      code: 'InvalidDefinition',
      message: expect.stringContaining(message),
    });
  });

  it.each(['a b', 'x'.repeat(81), 'a/b'])('the name %s', async (StateMachineName) => {
    await expect(create(one({ Type: 'Succeed' }), { StateMachineName })).rejects.toThrow('StateMachineName');
  });
});

describe('a field that Step Functions has elsewhere is refused by its name:', () => {
  const bounded = { ...inner, TimeoutSeconds: 5 };
  it.each<[string, object, string]>([
    ['a time-out of a branch', one({ Type: 'Parallel', Branches: [bounded], ...end }), 'TimeoutSeconds'],
    ['a time-out of a processor', one({ Type: 'Map', ItemProcessor: bounded, ...end }), 'TimeoutSeconds'],
    [
      'a language of a processor',
      one({ Type: 'Map', ItemProcessor: { ...inner, QueryLanguage: 'JSONPath' }, ...end }),
      'QueryLanguage',
    ],
    [
      'a version of a branch',
      one({ Type: 'Parallel', Branches: [{ ...inner, Version: '1.0' }], ...end }),
      'Version',
    ],
    ['a mode of the whole', { ...inner, ProcessorConfig: { Mode: 'INLINE' } }, 'ProcessorConfig'],
    [
      'a mode of an iterator',
      one({ Type: 'Map', Iterator: { ...inner, ProcessorConfig: { Mode: 'INLINE' } }, ...end }),
      'ProcessorConfig',
    ],
  ])('%s', async (_what, definition, message) => {
    await expect(create(definition)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(message),
    });
  });
});

it.each([
  ['{"StartAt":"A","States":{"A":{"Type":"Pass","End":true},"A":{"Type":"Succeed"}}}', '"A" twice'],
  ['{"StartAt":"A","StartAt":"A","States":{"A":{"Type":"Succeed"}}}', '"StartAt" twice'],
])('a name that stands twice is refused: %s', async (DefinitionString, message) => {
  await expect(create({}, { DefinitionString })).rejects.toThrow(message);
});

it('one name in two objects, and a brace in a text, are no name that stands twice', async () => {
  const definition = one({ Type: 'Pass', Result: [{ a: '{"a":1,' }, { a: { a: '"}' } }], ...end });
  await expect(create(definition)).resolves.toBeDefined();
});

it('a seed of States.MathRandom is refused by its name, as it is not carried out here', async () => {
  const seeded = one({ Type: 'Pass', Parameters: { 'a.$': 'States.MathRandom(1, 9, $.seed)' }, ...end });
  await expect(create(seeded)).rejects.toMatchObject({
    code: 'UnsupportedOperation',
    message: expect.stringContaining('seed'),
  });
});

describe('a definition that Step Functions takes', () => {
  it.each<[string, object]>([
    ['reserved errors, States.ALL last', handling('Retry', ['States.Timeout'], ['States.ALL'])],
    [
      'a Variable of the context, a star and a backslash',
      choice({
        And: [
          { Variable: '$$.State.Name', StringEqualsPath: '$$.Execution.Name' },
          { Variable: "$.a['b'][0]", StringMatches: 'a\\*\\\\*' },
        ],
      }),
    ],
    [
      'a filter, a wildcard and the context',
      one({
        Type: 'Pass',
        Parameters: { 'a.$': '$.b[?(@.c > 1)]', 'd.$': '$..e', 'f.$': '$$.State.Name', 'g.$': "$['h i']" },
        ...end,
      }),
    ],
    ['a function by path', invoke({ 'FunctionName.$': '$.f', 'Payload.$': '$' })],
    [
      'comparisons of every type',
      choice({
        Or: [
          { Variable: '$.a', NumericEquals: 1 },
          { Variable: '$.a', TimestampEquals: '2026-01-01T00:00:00Z' },
          { Variable: '$.a', BooleanEqualsPath: '$.b' },
        ],
      }),
    ],
  ])('is taken: %s', async (_what, definition) => {
    await expect(create(definition)).resolves.toMatchObject({ attributes: { Name: 's-M-1' } });
  });
});
