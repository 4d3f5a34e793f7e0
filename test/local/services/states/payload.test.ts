import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { invokeState, one, setUps } from '../../../support/local/states.ts';

const { setUp, remove } = setUps();
afterAll(remove);

const pass = (more: object) => one({ Type: 'Pass', End: true, ...more });

/** What a Pass state's Parameters make of the input. */
async function filled(template: object, input: unknown = {}): Promise<unknown> {
  const { run } = await setUp(pass({ Parameters: template }));
  const { status, output, error, cause } = await run(input);
  return status === 'SUCCEEDED' ? JSON.parse(output ?? '') : { error, cause };
}

describe('paths', () => {
  it.each([
    ['$.a.b', { a: { b: 1 } }, 1],
    ["$.a['b c'][1]", { a: { 'b c': [1, 2] } }, 2],
    ['$.a', { a: null }, null],
    ['$.a[*].b', { a: [{ b: 1 }, { b: 2 }] }, [1, 2]],
    ["$.a[?(@.Name=='x')].Value", { a: [{ Name: 'x', Value: 'v' }, { Name: 'y' }] }, ['v']],
    ["$.a[?(@.Name=='z')].Value", { a: [{ Name: 'x', Value: 'v' }] }, []],
    ['$..b', { a: { b: 1 }, b: 2 }, [2, 1]],
    ['$.a[0:2]', { a: [1, 2, 3] }, [1, 2]],
  ])('%s', async (path, input, expected) => {
    expect(await filled({ 'x.$': path }, input)).toEqual({ x: expected });
  });

  it.each(['$.none', '$.a.b.c', '$.constructor'])('names the path %s that leads nowhere', async (path) => {
    expect(await filled({ 'x.$': path }, { a: 1 })).toEqual({
      error: 'States.Runtime',
      cause: expect.stringContaining(`'${path}' specified for the field 'x.$'`),
    });
  });

  it('reads the context object', async () => {
    const context = await filled(
      {
        'id.$': '$$.Execution.Id',
        'name.$': '$$.State.Name',
        'time.$': '$$.Execution.StartTime',
        'input.$': '$$.Execution.Input',
        'machine.$': '$$.StateMachine.Name',
      },
      { a: 1 },
    );
    expect(context).toEqual({
      id: expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:execution:m:[\w-]{36}$/),
      name: 'A',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      input: { a: 1 },
      machine: 'm',
    });
  });

  it.each([
    [{ ResultPath: '$.r.s' }, { a: 1, r: { s: { v: 2 } } }],
    [{ ResultPath: null }, { a: 1 }],
    [{ ResultPath: '$.r', OutputPath: '$.r.v' }, 2],
    [{ OutputPath: null }, {}],
    [{}, { v: 2 }],
  ])('a result goes where %j says', async (paths, expected) => {
    const { run } = await setUp(pass({ Result: { v: 2 }, ...paths }));
    expect(JSON.parse((await run({ a: 1 })).output ?? '')).toEqual(expected);
  });

  it('cannot place a result in what is no object', async () => {
    const { run } = await setUp(pass({ Result: 1, ResultPath: '$.a.b' }));
    expect(await run({ a: 1 })).toMatchObject({ status: 'FAILED', error: 'States.ResultPathMatchFailure' });
  });
});

describe('intrinsic functions', () => {
  it.each([
    ["States.Format('{}-{}', $.s, 1)", 'x-1'],
    ["States.Format('\\{\\} it\\'s {}', null)", "{} it's null"],
    ["States.StringToJson('[1]')", [1]],
    ['States.JsonToString($.o)', '{"q":"\\"\\\\"}'],
    ['States.Array($.s, 1, true, null)', ['x', 1, true, null]],
    ['States.ArrayPartition($.l, 2)', [[1, 2], [3]]],
    ['States.ArrayContains($.l, 2)', true],
    ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
    ['States.ArrayGetItem($.l, 1)', 2],
    ["States.ArrayGetItem($.n[?(@.k=='b')].v, 0)", 'B'],
    ['States.ArrayLength($.l)', 3],
    ['States.ArrayUnique(States.Array(1, 1, 2))', [1, 2]],
    ["States.Base64Encode('a')", 'YQ=='],
    ["States.Base64Decode('YQ==')", 'a'],
    ["States.Hash('a', 'MD5')", '0cc175b9c0f1b6a831c399e269772661'],
    ['States.JsonMerge($.o, $.p, false)', { q: '"\\', r: 1 }],
    ['States.MathAdd(1, -2)', -1],
    ['States.MathAdd(1.5, 1.51)', 4],
    ['States.MathAdd(-1.49, -1.5)', -2],
    ['States.ArrayRange(1, 4.6, 2.4)', [1, 3, 5]],
    ["States.StringToJson('')", null],
    ["States.Format('{} {}', $.l, $.n)", '[1, 2, 3] [{k=a}, {k=b, v=B}]'],
    [`States.Base64Encode('${'a'.repeat(10_000)}')`, Buffer.from('a'.repeat(10_000)).toString('base64')],
    ["States.StringSplit('a.b-c', '.-')", ['a', 'b', 'c']],
    ["States.Format('{}', States.UUID())", expect.stringMatching(/^[\w-]{36}$/)],
  ])('%s', async (expression, expected) => {
    const input = { s: 'x', l: [1, 2, 3], o: { q: '"\\' }, p: { r: 1 }, n: [{ k: 'a' }, { k: 'b', v: 'B' }] };
    expect(await filled({ 'x.$': expression }, input)).toEqual({ x: expected });
  });

  it.each([
    "States.Format('{}')",
    'States.ArrayGetItem($.l, 9)',
    "States.StringToJson('{')",
    'States.Base64Encode($.long)',
    'States.Base64Decode($.long)',
    "States.Hash($.long, 'MD5')",
    "States.Hash(States.Array($.long), 'MD5')",
  ])('%s fails by name', async (expression) => {
    const input = { l: [], long: 'a'.repeat(10_001) };
    expect(await filled({ 'x.$': expression }, input)).toMatchObject({ error: 'States.IntrinsicFailure' });
  });

  it('give back any JSON that went through a string', async () => {
    const { run } = await setUp(
      pass({ Parameters: { 'x.$': 'States.StringToJson(States.JsonToString($))' } }),
    );
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse((await run(plain)).output ?? '')).toEqual({ x: plain });
      }),
      { numRuns: 50 },
    );
  });
});

// JSON may have such a member, and JavaScript's own ways to copy an object lose it.
describe('a member named __proto__ stays', () => {
  const input: unknown = JSON.parse('{"a":{"__proto__":{"b":1}}}');

  it.each([
    ['a Parameters field', pass({ Parameters: { a: JSON.parse('{"__proto__":{"b":1}}') } })],
    ['a Result', pass({ Result: input })],
    ['a ResultPath', pass({ Result: JSON.parse('{"b":1}'), ResultPath: "$.a['__proto__']" })],
    ['States.StringToJson', pass({ Parameters: { 'a.$': 'States.StringToJson(States.JsonToString($.a))' } })],
    ['States.JsonMerge', pass({ Parameters: { 'a.$': 'States.JsonMerge($.a, $.a, false)' } })],
    ["a function's payload", one(invokeState('echo'))],
  ])('in %s', async (_, definition) => {
    const { run } = await setUp(definition, { echo: (event) => event });
    expect(JSON.parse((await run(input)).output ?? '')).toEqual(input);
  });
});
