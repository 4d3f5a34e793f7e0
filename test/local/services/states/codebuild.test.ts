import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { type Functions, machine, one, setUps } from '../../../support/local/states.ts';

const { setUp, folder, remove } = setUps();
afterAll(remove);

const build = (more: object = {}) =>
  one({
    Type: 'Task',
    Resource: 'arn:aws:states:::codebuild:startBuild.sync',
    Parameters: {
      ProjectName: 'pull',
      EnvironmentVariablesOverride: [
        { Name: 'INPUT', 'Value.$': 'States.JsonToString($)', Type: 'PLAINTEXT' },
      ],
    },
    End: true,
    ...more,
  });

/** A CodeBuild whose builds end when the test says so. */
function fakeCodeBuild() {
  const builds = new Map<string, Record<string, unknown>>();
  const of = (input: unknown) => builds.get((input as { id: string }).id) ?? {};
  const operations = {
    StartBuild: vi.fn((input: unknown) => {
      const made = { id: `pull:${builds.size + 1}`, buildStatus: 'IN_PROGRESS', startTime: 1.5, input };
      builds.set(made.id, made);
      return { build: { ...made } };
    }),
    BatchGetBuilds: vi.fn((input: unknown) => ({
      builds: (input as { ids: string[] }).ids.flatMap((id) => builds.get(id) ?? []),
    })),
    StopBuild: vi.fn((input: unknown) => ({ build: Object.assign(of(input), { buildStatus: 'STOPPED' }) })),
  };
  const end = (buildStatus: string, more: object = {}) => {
    for (const each of builds.values()) Object.assign(each, { buildStatus, buildComplete: true, ...more });
  };
  return { operations, end, builds };
}

const none: Functions = {};

describe('codebuild:startBuild.sync', () => {
  it('answers the ended build in the names of Step Functions', async () => {
    const { operations, end, builds } = fakeCodeBuild();
    const { start, ended, types } = await setUp(build(), none, operations);
    const arn = await start({ say: '"hi"\\' });
    await vi.waitFor(async () => expect(await types(arn)).toContain('TaskSubmitted'));
    end('SUCCEEDED', { exportedEnvironmentVariables: [{ name: 'A', value: 'b' }] });
    expect(JSON.parse((await ended(arn)).output ?? '')).toMatchObject({
      Build: {
        Id: 'pull:1',
        BuildStatus: 'SUCCEEDED',
        StartTime: 1500,
        ExportedEnvironmentVariables: [{ Name: 'A', Value: 'b' }],
      },
    });
    expect(builds.get('pull:1')?.input).toEqual({
      projectName: 'pull',
      environmentVariablesOverride: [{ name: 'INPUT', value: '{"say":"\\"hi\\"\\\\"}', type: 'PLAINTEXT' }],
    });
  });

  it('asks seldom for a build that waits long, and hears at once of its end', async () => {
    const { operations, end } = fakeCodeBuild();
    const { cloud, start, ended, types } = await setUp(build(), none, operations);
    const arn = await start();
    await vi.waitFor(async () => expect(await types(arn)).toContain('TaskSubmitted'));
    const { BatchGetBuilds: asked } = operations;
    const began = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: began + 3_600_000 });
    asked.mockClear();
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    asked.mockClear();
    await sleep(1500);
    expect(asked).not.toHaveBeenCalled();
    vi.useRealTimers();
    end('SUCCEEDED');
    cloud.ends.tell('pull:1');
    expect((await ended(arn)).status).toBe('SUCCEEDED');
    expect(Date.now() - began).toBeLessThan(20_000);
  });

  it('fails with the build as its cause', async () => {
    const { operations, end } = fakeCodeBuild();
    const { start, ended, types } = await setUp(build(), none, operations);
    const arn = await start();
    await vi.waitFor(async () => expect(await types(arn)).toContain('TaskSubmitted'));
    end('FAILED');
    const failed = await ended(arn);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(failed.cause ?? '')).toMatchObject({ Build: { BuildStatus: 'FAILED', Id: 'pull:1' } });
  });

  it('stops the build with the execution', async () => {
    const { operations } = fakeCodeBuild();
    const { cloud, start, types } = await setUp(build(), none, operations);
    const executionArn = await start();
    await vi.waitFor(async () => expect(await types(executionArn)).toContain('TaskSubmitted'));
    await cloud.request('states', 'StopExecution', { executionArn });
    await vi.waitFor(() =>
      expect(operations.StopBuild).toHaveBeenCalledWith({ id: 'pull:1' }, expect.anything()),
    );
    expect((await types(executionArn)).slice(-2)).toEqual(['TaskStateAborted', 'ExecutionAborted']);
  });

  it("stops the build at the state's timeout", async () => {
    const { operations } = fakeCodeBuild();
    const { run } = await setUp(build({ TimeoutSeconds: 1 }), none, operations);
    expect(await run()).toMatchObject({ error: 'States.Timeout' });
    await vi.waitFor(() => expect(operations.StopBuild).toHaveBeenCalledTimes(1));
  });

  it.each([
    ['waits on for the build that is still there', 'SUCCEEDED', 1],
    ['starts another for one that went with the process', 'FAILED', 2],
  ])('after a restart %s', async (_, status, starts) => {
    const path = folder();
    const { operations, end } = fakeCodeBuild();
    const before = await machine(path, build(), none, operations);
    const arn = await before.start();
    await vi.waitFor(async () => expect(await before.types(arn)).toContain('TaskSubmitted'));
    await before.cloud.close();
    expect(operations.StopBuild).not.toHaveBeenCalled();
    end(status);
    const after = await setUp(build(), none, operations, path);
    await vi.waitFor(() => expect(operations.StartBuild).toHaveBeenCalledTimes(starts));
    end('SUCCEEDED');
    expect((await after.ended(arn)).status).toBe('SUCCEEDED');
    expect(operations.StartBuild).toHaveBeenCalledTimes(starts);
  });

  it('names the error of the service', async () => {
    const refuse = (code: string) => () => {
      throw new AwsError(code, 'no');
    };
    const missing = await setUp(build(), none, { StartBuild: refuse('ResourceNotFoundException') });
    expect(await missing.run()).toMatchObject({ error: 'CodeBuild.ResourceNotFoundException', cause: 'no' });
    const denied = await setUp(build(), none, { StartBuild: refuse('AccessDeniedException') });
    expect(await denied.run()).toMatchObject({ error: 'CodeBuild.AWSCodeBuildException' });
  });
});
