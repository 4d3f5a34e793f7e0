import { afterAll, describe, expect, it, vi } from 'vitest';
import { makeResource } from '../../../../local/core/gate.ts';
import { statesService } from '../../../../local/services/states/index.ts';
import type { KeptEvent } from '../../../../local/services/states/tables.ts';
import { fakeCloud } from '../../../../local/testing.ts';
import {
  FunctionError,
  invokeState,
  MACHINE,
  machine,
  one,
  ROLE,
  resource,
  setUps,
} from '../../../support/local/states.ts';

const { setUp, folder, remove } = setUps();
afterAll(remove);

const succeed = one({ Type: 'Succeed' });
const failing = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Fail', Error: 'E' } } };

/** Every page of a list. */
async function pages<T>(list: (nextToken?: string) => Promise<unknown>, member: string): Promise<T[][]> {
  const found: T[][] = [];
  let nextToken: string | undefined;
  do {
    const answer = (await list(nextToken)) as Record<string, T[]> & { nextToken?: string };
    found.push(answer[member] ?? []);
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return found;
}

describe('ListExecutions', () => {
  it('gives the newest first, page by page, each once, and a new one moves no page', async () => {
    const { cloud, start, ended } = await setUp(succeed);
    const arns: string[] = [];
    for (let i = 0; i < 5; i += 1) arns.unshift(await ended(await start()).then((e) => e.executionArn));
    const list = async (nextToken?: string) => {
      const page = { stateMachineArn: MACHINE, maxResults: 2, nextToken };
      const answer = await cloud.request('states', 'ListExecutions', page);
      await ended(await start());
      return answer;
    };
    const found = await pages<{ executionArn: string; startDate: number }>(list, 'executions');
    expect(found.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(
      found
        .flat()
        .map((e) => e.executionArn)
        .sort(),
    ).toEqual([...arns].sort());
    const dates = found.flat().map((e) => e.startDate);
    expect(dates).toEqual([...dates].sort((a, b) => b - a));
  });

  it('filters by status', async () => {
    const { cloud, run, start } = await setUp({
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ Variable: '$.fail', IsPresent: true, Next: 'F' }], Default: 'S' },
        F: { Type: 'Fail' },
        S: { Type: 'Wait', Seconds: 1000, End: true },
      },
    });
    await run({ fail: true });
    const running = await start();
    const list = async (filter: object) =>
      (
        (await cloud.request('states', 'ListExecutions', { stateMachineArn: MACHINE, ...filter })) as {
          executions: { executionArn: string }[];
        }
      ).executions.map((e) => e.executionArn);
    expect(await list({ statusFilter: 'RUNNING' })).toEqual([running]);
    expect(await list({ statusFilter: 'FAILED' })).toHaveLength(1);
    expect(await list({ redriveFilter: 'REDRIVEN' })).toEqual([]);
    expect(await list({ redriveFilter: 'NOT_REDRIVEN' })).toHaveLength(2);
  });

  const failed = { stateMachineArn: MACHINE, statusFilter: 'FAILED' };

  it('has one that failed among the failed until it is redriven, and again when it fails again', async () => {
    let fail: (error: FunctionError) => void = () => undefined;
    const error = new FunctionError({ errorType: 'E' });
    const later = () => new Promise<FunctionError>((resolve) => (fail = resolve));
    const f = vi.fn<() => unknown>(later).mockReturnValueOnce(error);
    const { cloud, run, ended } = await setUp({ StartAt: 'A', States: { A: invokeState('f') } }, { f });
    const { executionArn } = await run();
    const list = () => cloud.request('states', 'ListExecutions', failed);
    expect(await list()).toMatchObject({ executions: [{ executionArn, status: 'FAILED' }] });
    await cloud.request('states', 'RedriveExecution', { executionArn });
    await vi.waitFor(() => expect(f).toHaveBeenCalledTimes(2));
    expect(await list()).toEqual({ executions: [] });
    fail(error);
    await ended(executionArn);
    expect(await list()).toMatchObject({ executions: [{ executionArn, redriveCount: 1 }] });
  });

  it('has what failed before such executions stood in a table of their own', async () => {
    const path = folder();
    const before = await machine(path, failing);
    const { executionArn } = await before.run();
    const table = before.cloud.store.collection('states/unsuccessful-by-machine');
    const keys = [...table.entries()].map(({ key }) => key);
    expect(keys).toHaveLength(1);
    for (const key of keys) await table.remove(key);
    await before.cloud.close();
    const { cloud } = await setUp(failing, {}, {}, path);
    const found = await cloud.request('states', 'ListExecutions', failed);
    expect(found).toMatchObject({ executions: [{ executionArn }] });
  });

  it('refuses a token of another list', async () => {
    const { cloud } = await setUp(succeed);
    const input = { stateMachineArn: MACHINE, nextToken: 'x' };
    await expect(cloud.request('states', 'ListExecutions', input)).rejects.toMatchObject({
      code: 'InvalidToken',
    });
  });
});

describe('GetExecutionHistory', () => {
  it.each([false, true])('pages, in reverse order: %s', async (reverseOrder) => {
    const { cloud, run } = await setUp(succeed);
    const { executionArn } = await run();
    const list = (nextToken?: string) =>
      cloud.request('states', 'GetExecutionHistory', {
        executionArn,
        maxResults: 3,
        reverseOrder,
        nextToken,
      });
    const ids = (await pages<{ id: number }>(list, 'events')).map((page) => page.map(({ id }) => id));
    expect(ids).toEqual(reverseOrder ? [[4, 3, 2], [1]] : [[1, 2, 3], [4]]);
  });

  // Two states that wait for nothing are written together, and a failed execution's rows stay.
  it.each([false, true])(
    'pages by single events that are written together, in reverse order: %s',
    async (reverseOrder) => {
      const { cloud, run, history } = await setUp(failing);
      const { executionArn, status } = await run();
      expect(status).toBe('FAILED');
      const whole = await history(executionArn);
      const list = (nextToken?: string) =>
        cloud.request('states', 'GetExecutionHistory', {
          executionArn,
          maxResults: 1,
          reverseOrder,
          nextToken,
        });
      const found = (await pages(list, 'events')).flat();
      expect(whole.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
      expect(found).toEqual(reverseOrder ? whole.toReversed() : whole);
    },
  );

  it('reads the events of an earlier version, which have a row each', async () => {
    const { cloud, run, history } = await setUp(failing);
    const { executionArn } = await run();
    const before = await history(executionArn);
    const rows = cloud.store.collection<KeptEvent | KeptEvent[]>('states/history');
    const kept = [...rows.under([executionArn])].flatMap(({ value }) => value);
    await Promise.all(kept.map((event) => rows.put([executionArn, event.id], event)));
    expect(await history(executionArn)).toEqual(before);
    expect(await history(executionArn, { reverseOrder: true })).toEqual(before.toReversed());
    await cloud.request('states', 'RedriveExecution', { executionArn });
    expect((await history(executionArn, { maxResults: 6 })).at(-1)).toMatchObject({
      id: 6,
      type: 'ExecutionRedriven',
    });
  });

  it('leaves inputs and outputs out when asked to', async () => {
    const { run, history } = await setUp(succeed);
    const { executionArn } = await run({ a: 1 });
    const [started, entered] = await history(executionArn, { includeExecutionData: false });
    expect(started).toMatchObject({ executionStartedEventDetails: { roleArn: ROLE } });
    expect(entered?.stateEnteredEventDetails).toEqual({ name: 'A' });
    expect((await history(executionArn))[1]?.stateEnteredEventDetails).toMatchObject({ input: '{"a":1}' });
  });

  it('knows no other execution', async () => {
    const { cloud } = await setUp(succeed);
    for (const name of ['none', 'n'.repeat(5000)]) {
      const input = { executionArn: `arn:aws:states:us-east-1:000000000000:execution:m:${name}` };
      await expect(cloud.request('states', 'GetExecutionHistory', input)).rejects.toMatchObject({
        code: 'ExecutionDoesNotExist',
      });
    }
  });
});

describe('a machine', () => {
  const provision = async (properties: object) => {
    const cloud = fakeCloud(folder());
    const service = cloud.add(statesService(cloud));
    try {
      const given = resource({ RoleArn: ROLE, ...properties });
      return await makeResource(service, given);
    } finally {
      await cloud.close();
    }
  };
  const text = (definition: object) => ({ DefinitionString: JSON.stringify(definition) });
  const task = (more: object) => text(one({ Type: 'Task', Resource: 'x', End: true, ...more }));

  it('is described and listed', async () => {
    const { cloud } = await setUp(succeed);
    const described = await cloud.request('states', 'DescribeStateMachine', { stateMachineArn: MACHINE });
    expect(described).toMatchObject({
      name: 'm',
      status: 'ACTIVE',
      definition: JSON.stringify(succeed),
      roleArn: ROLE,
    });
    expect(await cloud.request('states', 'ListStateMachines')).toEqual({
      stateMachines: [
        { stateMachineArn: MACHINE, name: 'm', type: 'STANDARD', creationDate: expect.any(Number) },
      ],
    });
  });

  it('has a generated name and its substitutions', async () => {
    const Resource = '${fn}';
    const DefinitionSubstitutions = { fn: 'arn:aws:lambda:us-east-1:000000000000:function:f' };
    expect(await provision({ ...task({ Resource }), DefinitionSubstitutions })).toMatchObject({
      ref: 'arn:aws:states:us-east-1:000000000000:stateMachine:s-M-1',
      attributes: { Name: 's-M-1' },
    });
  });

  it.each([
    ['EXPRESS', { StateMachineType: 'EXPRESS', ...text(succeed) }],
    ['JSONata', text({ ...succeed, QueryLanguage: 'JSONata' })],
    ['A: .*arn:aws:states:::sns:publish', task({ Resource: 'arn:aws:states:::sns:publish' })],
    [
      'startBuild.waitForTaskToken',
      task({ Resource: 'arn:aws:states:::codebuild:startBuild.waitForTaskToken' }),
    ],
    ['Assign at States.A', task({ Assign: {} })],
    ['DefinitionS3Location', { DefinitionS3Location: {} }],
  ])('with %s is refused by name', async (what, properties) => {
    await expect(provision(properties)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringMatching(what),
    });
  });

  it.each([
    ['StartAt names B', text({ ...succeed, StartAt: 'B' })],
    ['A leads to B', text(one({ Type: 'Pass', Next: 'B' }))],
    ['A must have either Next or End', text(one({ Type: 'Pass' }))],
    [
      'invalid intrinsic function',
      text(one({ Type: 'Pass', End: true, Parameters: { 'a.$': 'States.Format(' } })),
    ],
    [
      'there is no operator IsOdd',
      text(one({ Type: 'Choice', Choices: [{ Variable: '$', IsOdd: true, Next: 'A' }] })),
    ],
    ['not JSON', { DefinitionString: '{' }],
  ])('whose definition is invalid is refused: %s', async (what, properties) => {
    await expect(provision(properties)).rejects.toMatchObject({
      code: 'InvalidDefinition',
      message: expect.stringContaining(what),
    });
  });
});
