import { afterAll, describe, expect, it, vi } from 'vitest';
import { StateNotWritten } from '../../../../local/core/not-written.ts';
import { Journal } from '../../../../local/services/states/engine/journal.ts';
import { tablesOf } from '../../../../local/services/states/tables.ts';
import { fakeCloud, fakeService } from '../../../../local/testing.ts';
import { invokeState, one, setUps } from '../../../support/local/states.ts';

const { setUp, folder, remove } = setUps();
afterAll(remove);

const two = {
  StartAt: 'First',
  States: {
    First: { ...invokeState('first'), End: undefined, Next: 'Second' },
    Second: invokeState('second'),
  },
};

// A loaded machine takes its time.
const PATIENCE = { timeout: 60_000 };

describe('an execution that a full disk meets', () => {
  it('goes on where it stood once there is room, without a restart', async () => {
    const first = vi.fn(() => {
      cloud.disk.full = true;
      return { from: 'first' };
    });
    const { cloud, start, describe, history, told } = await setUp(two, { first, second: (event) => event });
    const arn = await start();
    await vi.waitFor(() => expect(cloud.warnings.join()).toContain('stands still until it can be written'));
    expect((await describe(arn)).status).toBe('RUNNING');
    first.mockImplementation(() => ({ from: 'first' }));
    cloud.disk.full = false;
    await vi.waitFor(async () => expect((await describe(arn)).output).toBe('{"from":"first"}'), PATIENCE);
    expect(first).toHaveBeenCalledTimes(2);
    expect((await history(arn)).map(({ id }) => id)).toEqual(
      (await history(arn)).map((_, index) => index + 1),
    );
    await vi.waitFor(() => expect(told).toHaveLength(1));
  });

  it('writes nothing behind what could not be written: its history has no gap', async () => {
    const cloud = fakeCloud(folder());
    const tables = tablesOf(cloud);
    const journal = new Journal(tables, 'arn');
    const add = (type: string) => journal.add({ type, previousEventId: journal.last });
    cloud.disk.full = true;
    add('ExecutionStarted');
    await expect(journal.flushed()).rejects.toThrow(StateNotWritten);
    cloud.disk.full = false;
    add('PassStateEntered');
    await expect(journal.flushed()).rejects.toThrow(StateNotWritten);
    expect([...tables.history.entries()]).toEqual([]);
    await cloud.close();
  });

  it('writes nothing of a step whose position cannot be written', async () => {
    const cloud = fakeCloud(folder());
    const tables = tablesOf(cloud);
    const journal = new Journal(tables, 'arn');
    journal.add({ type: 'PassStateEntered', previousEventId: 0 });
    const input = JSON.parse(`${'['.repeat(130_000)}${']'.repeat(130_000)}`);
    journal.move({ state: 'A', input, enteredId: 1, enteredTime: 0, attempts: [] });
    await expect(journal.flushed()).rejects.toThrow(RangeError);
    expect([...tables.history.entries()]).toEqual([]);
    await cloud.close();
  });

  it('goes on too where a service that it calls could store nothing', async () => {
    let full = true;
    const StartBuild = () => {
      if (!full) return { build: { id: 'b:1', buildStatus: 'IN_PROGRESS' } };
      throw new StateNotWritten('the disk is full');
    };
    const state = { Type: 'Task', Resource: 'arn:aws:states:::codebuild:startBuild', End: true };
    const { cloud, start, describe } = await setUp(
      one({
        ...state,
        Parameters: { ProjectName: 'b' },
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'A' }],
      }),
      {},
      { StartBuild },
    );
    const arn = await start();
    await vi.waitFor(() => expect(cloud.warnings.join()).toContain('stands still'));
    full = false;
    await vi.waitFor(async () => expect((await describe(arn)).status).toBe('SUCCEEDED'), PATIENCE);
  });

  it('is told of once EventBridge takes it, without a restart', async () => {
    const { cloud, run } = await setUp(one({ Type: 'Succeed' }));
    const told: unknown[] = [];
    let full = true;
    const PutEvents = (input: unknown) => {
      if (full) throw new StateNotWritten('the disk is full');
      told.push(input);
    };
    cloud.add(fakeService('events', { PutEvents }));
    await run();
    await vi.waitFor(() => expect(cloud.warnings).toHaveLength(1));
    full = false;
    await vi.waitFor(() => expect(told).toHaveLength(1), PATIENCE);
  });
});
