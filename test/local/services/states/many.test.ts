import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { fakeService, serve } from '../../../../local/testing.ts';
import { FunctionError, invokeState, MACHINE, one, setUps } from '../../../support/local/states.ts';

const { setUp, folder, remove } = setUps();
afterAll(remove);

const ask = one({ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:ssm:getParameter', End: true });
// What a machine calls is there when the machine is made; a test puts its own in the place.
const SSM = { ssm: { GetParameter: () => ({}) } };
// It comes to the end of its history only after 25,000 events.
// Step Functions takes no machine without an end, though none comes to it.
const endless = {
  StartAt: 'A',
  States: {
    A: { Type: 'Pass', Next: 'B' },
    B: { Type: 'Choice', Choices: [{ Variable: '$.end', IsPresent: true, Next: 'C' }], Default: 'A' },
    C: { Type: 'Succeed' },
  },
};
const all = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);

/** A parameter that is answered once the test lets it, and how many wait for it. */
function slowParameter() {
  const waiting: (() => void)[] = [];
  let open = false;
  const service = fakeService('ssm', {
    GetParameter: async () => {
      if (!open) await new Promise<void>((resolve) => waiting.push(resolve));
      return {};
    },
  });
  const answerAll = (): void => {
    open = true;
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { service, waiting, answerAll };
}

describe('many executions', () => {
  it('run a few at once, and all come to their end', async () => {
    const { service, waiting, answerAll } = slowParameter();
    const { cloud, start, ended } = await setUp(ask, {}, {}, undefined, SSM);
    cloud.add(service);
    const arns = await Promise.all(all(100).map(() => start()));
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
    for (const _ of all(50)) await turn();
    expect(waiting.length).toBeLessThanOrEqual(32);
    answerAll();
    const ends = await Promise.all(arns.map(ended));
    expect(ends.map(({ status }) => status)).toEqual(arns.map(() => 'SUCCEEDED'));
  });

  it('run fewer at once while somebody outside waits for an answer, and as many again once nobody does', async () => {
    const { service, waiting, answerAll } = slowParameter();
    const { cloud, start } = await setUp(ask, {}, {}, undefined, SSM);
    cloud.add(service);
    cloud.foreground.arrive();
    const coming = setInterval(cloud.foreground.arrive, 10);
    await Promise.all(all(40).map(() => start()));
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
    for (const _ of all(50)) await turn();
    expect(waiting.length).toBeLessThanOrEqual(4);
    clearInterval(coming);
    await vi.waitFor(() => expect(waiting.length).toBe(32));
    answerAll();
  });

  it('let somebody in who knocks while a thousand of them are at work', async () => {
    const path = folder();
    const { cloud, start } = await setUp(endless, {}, {}, path);
    const door = fakeService('door', {}, { mounts: { '/door/': async (_, reply) => reply.send('come in') } });
    const served = await serve([door]);
    const arns = await Promise.all(all(1000).map(() => start()));
    const answer = await fetch(`${served.endpoint}/door/`, { method: 'POST' });
    expect(await answer.text()).toBe('come in');
    const { executions } = (await cloud.request('states', 'ListExecutions', {
      stateMachineArn: MACHINE,
      statusFilter: 'RUNNING',
      maxResults: 1000,
    })) as { executions: unknown[] };
    expect(executions).toHaveLength(arns.length);
    await served.close();
    await cloud.close();
  });

  it('go on after a restart, those that were in line among them', async () => {
    const path = folder();
    const { service, waiting } = slowParameter();
    const before = await setUp(ask, {}, {}, path, SSM);
    before.cloud.add(service);
    const arns = await Promise.all(all(60).map(() => before.start()));
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
    await before.cloud.close();

    const after = await setUp(ask, {}, {}, path, SSM);
    const ends = await Promise.all(arns.map(after.ended));
    expect(ends.map(({ status }) => status)).toEqual(arns.map(() => 'SUCCEEDED'));
  });

  it('leave their places to others while they wait for a time', async () => {
    const { start, ended, cloud } = await setUp({
      StartAt: 'Long?',
      States: {
        'Long?': {
          Type: 'Choice',
          Choices: [{ Variable: '$.long', IsPresent: true, Next: 'Long' }],
          Default: 'Short',
        },
        Long: { Type: 'Wait', Seconds: 100_000, End: true },
        Short: { Type: 'Succeed' },
      },
    });
    const long = await Promise.all(all(40).map(() => start({ long: true })));
    expect(await ended(await start())).toMatchObject({ status: 'SUCCEEDED' });
    await Promise.all(long.map((executionArn) => cloud.request('states', 'StopExecution', { executionArn })));
  });

  it('can be stopped while they are in line', async () => {
    const { service, waiting } = slowParameter();
    const { cloud, start, describe, history } = await setUp(ask, {}, {}, undefined, SSM);
    cloud.add(service);
    const arns = await Promise.all(all(60).map(() => start()));
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
    const last = arns.at(-1) ?? '';
    await cloud.request('states', 'StopExecution', { executionArn: last, error: 'Enough' });
    expect(await describe(last)).toMatchObject({ status: 'ABORTED', error: 'Enough' });
    expect((await history(last)).at(-1)).toMatchObject({ type: 'ExecutionAborted' });
  });
});

it('is redriven while its end is still being told', async () => {
  const f = vi.fn<() => unknown>(() => new FunctionError({ errorType: 'Busy' }));
  const { cloud, start, describe, ended } = await setUp(one(invokeState('f')), { f });
  let tell = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  cloud.add(fakeService('events', { PutEvents: () => told }));
  const executionArn = await start();
  await vi.waitFor(async () => expect((await describe(executionArn)).status).toBe('FAILED'));
  f.mockReturnValue('done');
  await cloud.request('states', 'RedriveExecution', { executionArn });
  tell();
  expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
});

describe('what an execution keeps', () => {
  const chain = {
    StartAt: 'A',
    States: {
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Pass', Next: 'C' },
      C: { Type: 'Pass', End: true },
    },
  };

  it('has a text once, however many events hold it, and gives it back whole', async () => {
    const { cloud, start, ended, history } = await setUp(chain);
    const text = JSON.stringify(all(2000));
    const arn = await start({ text });
    const { input, output } = await ended(arn);
    expect([input, output]).toEqual([JSON.stringify({ text }), JSON.stringify({ text })]);
    const [entered, exited] = (await history(arn)).slice(1);
    expect(entered).toMatchObject({ stateEnteredEventDetails: { name: 'A', input } });
    expect(exited).toMatchObject({ stateExitedEventDetails: { name: 'A', output } });
    const rowsOf = (name: string) => [...cloud.store.collection<Uint8Array>(`states/${name}`).entries()];
    expect(rowsOf('folded').map(({ key }) => key)).toEqual([arn]);
    expect(rowsOf('folded')[0]?.value.length).toBeLessThan(text.length);
    expect(['history', 'texts', 'positions', 'stopped'].flatMap(rowsOf)).toEqual([]);
    expect(JSON.stringify(rowsOf('executions')).length).toBeLessThan(2000);
  });

  it('has a text once while it fails, too, and goes on with it', async () => {
    const text = JSON.stringify(all(2000));
    const given: unknown[] = [];
    const answer = (event: unknown) => {
      given.push(event);
      return given.length === 1 ? new FunctionError({ errorType: 'Busy' }) : 'done';
    };
    const { cloud, start, ended } = await setUp(one(invokeState('f')), { f: answer });
    const executionArn = await start({ text });
    expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', input: JSON.stringify({ text }) });
    const texts = cloud.store.collection<Uint8Array>('states/texts');
    const long = [...texts.under([executionArn])].filter(({ value }) => value.length > 1000);
    // The input, and the function's parameters around it.
    expect(long).toHaveLength(2);
    for (const { value } of long) expect(value.length).toBeLessThan(text.length / 2);
    await cloud.request('states', 'RedriveExecution', { executionArn });
    expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
    expect(given).toEqual([{ text }, { text }]);
  });

  it('goes 90 days after its end, and not before', async () => {
    const path = folder();
    const before = await setUp(chain, {}, {}, path);
    const arn = await before.start({ text: JSON.stringify(all(2000)) });
    const { stopDate = 0 } = await before.ended(arn);
    await before.cloud.close();
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      vi.setSystemTime((stopDate + 89 * 24 * 3600) * 1000);
      const kept = await setUp(chain, {}, {}, path);
      expect(await kept.history(arn)).not.toEqual([]);
      await kept.cloud.close();
      vi.setSystemTime((stopDate + 91 * 24 * 3600) * 1000);
      const { cloud } = await setUp(chain, {}, {}, path);
      const rows = () =>
        ['executions', 'executions-by-machine', 'folded', 'history', 'texts'].flatMap((name) => [
          ...cloud.store.collection(`states/${name}`).entries(),
        ]);
      await vi.waitFor(() => expect(rows()).toEqual([]));
      const list = cloud.request('states', 'ListExecutions', { stateMachineArn: MACHINE });
      await expect(list).resolves.toEqual({ executions: [] });
    } finally {
      vi.useRealTimers();
    }
  });
});
