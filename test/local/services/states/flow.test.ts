import { afterAll, describe, expect, it } from 'vitest';
import { FunctionError, invokeState, one, type Setup, setUps } from '../../../support/local/states.ts';

const { setUp, remove } = setUps();
afterAll(remove);

const inner = (state: object, name = 'Inner') => ({ StartAt: name, States: { [name]: state } });

describe('Choice', () => {
  const choice = (rule: object) => ({
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Pass', Result: true, End: true },
      No: { Type: 'Pass', Result: false, End: true },
    },
  });
  const variable = (operator: string, operand: unknown) => ({ Variable: '$.v', [operator]: operand });

  it.each([
    [variable('StringEquals', 'a'), { v: 'a' }, true],
    [variable('StringEquals', 'a'), { v: 1 }, false],
    [variable('StringLessThan', 'b'), { v: 'a' }, true],
    [variable('StringMatches', 'refs/*/x.y'), { v: 'refs/heads/x.y' }, true],
    [variable('StringMatches', 'a.c'), { v: 'abc' }, false],
    [variable('StringMatches', 'a\\*'), { v: 'ab' }, false],
    [variable('NumericGreaterThanEquals', 1), { v: 1 }, true],
    [variable('NumericLessThan', 2), { v: '1' }, false],
    [variable('BooleanEquals', true), { v: true }, true],
    [variable('TimestampLessThan', '2026-01-01T00:00:00Z'), { v: '2026-01-01T00:30:00+01:00' }, true],
    [variable('StringEqualsPath', '$.w'), { v: 'a', w: 'a' }, true],
    [variable('IsPresent', false), {}, true],
    [variable('IsPresent', true), { v: null }, true],
    [variable('IsNull', true), { v: null }, true],
    [variable('IsString', true), { v: 1 }, false],
    [variable('IsNumeric', true), { v: 1 }, true],
    [variable('IsBoolean', false), { v: 1 }, true],
    [variable('IsTimestamp', true), { v: '2026-01-01T00:00:00Z' }, true],
    [{ Not: variable('IsPresent', true) }, {}, true],
    [{ And: [variable('IsPresent', true), variable('StringEquals', 'a')] }, {}, false],
    [{ Or: [variable('IsPresent', false), variable('StringEquals', 'a')] }, { v: 'a' }, true],
  ])('%j of %j is %s', async (rule, input, expected) => {
    const { run } = await setUp(choice(rule));
    expect((await run(input)).output).toBe(String(expected));
  });

  it('fails where no rule matches, and where a variable is missing', async () => {
    const { C, No: _, ...others } = choice(variable('StringEquals', 'a')).States;
    const { run } = await setUp({ StartAt: 'C', States: { ...others, C: { ...C, Default: undefined } } });
    expect(await run({ v: 'b' })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    expect(await run({})).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('Fail', () => {
  it('gives its error and cause, literal or from the input', async () => {
    const literal = await setUp(one({ Type: 'Fail', Error: 'E', Cause: 'C' }));
    expect(await literal.run()).toMatchObject({ status: 'FAILED', error: 'E', cause: 'C' });
    const fail = {
      Type: 'Fail',
      ErrorPath: '$.e.Error',
      CausePath: "States.Format('because {}', $.e.Cause)",
    };
    const dynamic = await setUp(one(fail));
    const ended = await dynamic.run({ e: { Error: 'E', Cause: 'C' } });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'E', cause: 'because C' });
    expect(await dynamic.types(ended.executionArn)).toEqual([
      'ExecutionStarted',
      'FailStateEntered',
      'ExecutionFailed',
    ]);
  });
});

describe('Wait', () => {
  it.each([
    [{ Seconds: 0 }, {}],
    [{ SecondsPath: '$.s' }, { s: 0 }],
    [{ Timestamp: '2020-01-01T00:00:00Z' }, {}],
    [{ TimestampPath: '$.t' }, { t: '2020-01-01T00:00:00Z' }],
  ])('%j goes on when the time has come', async (wait, input) => {
    const { run, types } = await setUp(one({ Type: 'Wait', ...wait, End: true }));
    const ended = await run(input);
    expect(ended.output).toBe(JSON.stringify(input));
    expect(await types(ended.executionArn)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
      'WaitStateExited',
      'ExecutionSucceeded',
    ]);
  });
});

describe('SecondsPath', () => {
  it.each([
    [0.5, 'cannot be parsed as a long value'],
    ['1', 'cannot be parsed as a long value'],
    [-1, 'references a negative value'],
  ])('to %j fails the execution', async (s, cause) => {
    const { run } = await setUp(one({ Type: 'Wait', SecondsPath: '$.s', End: true }));
    expect(await run({ s })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining(cause),
    });
  });
});

describe('Parallel', () => {
  it('gives the outputs of its branches in their order', async () => {
    const parallel = {
      Type: 'Parallel',
      Branches: [inner(invokeState('a'), 'One'), inner(invokeState('b'), 'Other')],
      End: true,
    };
    const { run } = await setUp(one(parallel), { a: () => 'a', b: () => 'b' });
    expect((await run()).output).toBe('["a","b"]');
  });

  it('ends the others when one fails, with that error', async () => {
    const failing = inner(invokeState('f'), 'Failing');
    const parallel = {
      Type: 'Parallel',
      Branches: [inner({ Type: 'Wait', Seconds: 1000, End: true }), failing],
    };
    const caught = { Catch: [{ ErrorEquals: ['Broken'], Next: 'B' }], Next: 'B' };
    const { run, types } = await setUp(
      { StartAt: 'A', States: { A: { ...parallel, ...caught }, B: { Type: 'Succeed' } } },
      { f: () => new FunctionError({ errorType: 'Broken' }) },
    );
    const ended = await run();
    expect(JSON.parse(ended.output ?? '')).toMatchObject({ Error: 'Broken' });
    expect(await types(ended.executionArn)).toContain('ParallelStateFailed');
  });
});

describe('Map', () => {
  it('runs the processor for each item, no more at once than it may', async () => {
    let [running, most] = [0, 0];
    const map = {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemSelector: { 'value.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index', 'of.$': '$.name' },
      MaxConcurrency: 2,
      ItemProcessor: { ...inner(invokeState('f')), ProcessorConfig: { Mode: 'INLINE' } },
      End: true,
    };
    const { run, types } = await setUp(one(map), {
      f: async (event) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        return event;
      },
    });
    const ended = await run({ name: 'n', items: ['a', 'b', 'c'] });
    const expected = ['a', 'b', 'c'].map((value, index) => ({ value, index, of: 'n' }));
    expect(JSON.parse(ended.output ?? '')).toEqual(expected);
    expect(most).toBe(2);
    const all = await types(ended.executionArn);
    expect(all.filter((type) => type === 'MapIterationSucceeded')).toHaveLength(3);
    expect(all.slice(-3)).toEqual(['MapStateSucceeded', 'MapStateExited', 'ExecutionSucceeded']);
  });

  const links = async ({ history }: { history: Setup['history'] }, arn: string) =>
    (await history(arn)).map(({ id, previousEventId, type }) => [id, previousEventId, type]);

  it('has the events of an iteration behind those of the one before', async () => {
    const Iterator = inner({ Type: 'Pass', End: true });
    const setup = await setUp(one({ Type: 'Map', MaxConcurrency: 1, Iterator, End: true }));
    const { executionArn } = await setup.run([1, 2]);
    expect(await links(setup, executionArn)).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'MapStateEntered'],
      [3, 2, 'MapStateStarted'],
      [4, 3, 'MapIterationStarted'],
      [5, 4, 'PassStateEntered'],
      [6, 5, 'PassStateExited'],
      [7, 6, 'MapIterationSucceeded'],
      [8, 6, 'MapIterationStarted'],
      [9, 8, 'PassStateEntered'],
      [10, 9, 'PassStateExited'],
      [11, 10, 'MapIterationSucceeded'],
      [12, 11, 'MapStateSucceeded'],
      [13, 11, 'MapStateExited'],
      [14, 13, 'ExecutionSucceeded'],
    ]);
  });

  it('fails once, when nothing tries it again', async () => {
    const Iterator = inner({ Type: 'Fail', Error: 'E' });
    const Retry = [{ ErrorEquals: ['E'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const setup = await setUp(one({ Type: 'Map', Iterator, Retry, End: true }));
    const { executionArn } = await setup.run([1]);
    expect(await links(setup, executionArn)).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'MapStateEntered'],
      [3, 2, 'MapStateStarted'],
      [4, 3, 'MapIterationStarted'],
      [5, 4, 'FailStateEntered'],
      [6, 5, 'MapIterationFailed'],
      [7, 5, 'MapStateStarted'],
      [8, 7, 'MapIterationStarted'],
      [9, 8, 'FailStateEntered'],
      [10, 9, 'MapIterationFailed'],
      [11, 9, 'MapStateFailed'],
      [12, 11, 'ExecutionFailed'],
    ]);
  });

  it('gives nothing for nothing', async () => {
    const { run } = await setUp(one({ Type: 'Map', Iterator: inner({ Type: 'Succeed' }), End: true }));
    expect((await run([])).output).toBe('[]');
  });
});

describe("a function's own ARN", () => {
  it('is a task with events of its own', async () => {
    const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    const { run, types } = await setUp(one({ Type: 'Task', Resource, End: true }), { f: (event) => [event] });
    const ended = await run({ a: 1 });
    expect(ended.output).toBe('[{"a":1}]');
    expect((await types(ended.executionArn)).slice(2, 5)).toEqual([
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
    ]);
  });
});

describe('a task on an SDK', () => {
  it("has the members in PascalCase, whatever the service's own", async () => {
    const Resource = 'arn:aws:states:::aws-sdk:sfn:listExecutions';
    const Parameters = { 'StateMachineArn.$': '$$.StateMachine.Id' };
    const { run } = await setUp(one({ Type: 'Task', Resource, Parameters, End: true }));
    expect(JSON.parse((await run()).output ?? '')).toMatchObject({ Executions: [{ Status: 'RUNNING' }] });
  });
});
