import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { temporaryFolder } from '../../../../local/testing.ts';
import { type Bench, bench, spec } from '../../../support/local/codebuild.ts';

const folder = temporaryFolder();
let state: string;
let at: Bench;

async function open(): Promise<void> {
  at = bench(state);
  await at.project();
  await at.begin();
}

beforeEach(async () => {
  state = `${folder.path}/${randomUUID()}`;
  await open();
});
afterEach(() => at.cloud.close());
afterAll(() => folder.remove());

const listed = z.object({ ids: z.array(z.string()), nextToken: z.string().optional() });

async function list(operation: string, input: object = {}) {
  return listed.parse(await at.cloud.request('codebuild', operation, input));
}

/** Builds that wait until `open` is called. */
function gate() {
  const file = `${state}/gate`;
  return {
    buildspec: spec({ build: [`until [ -e '${file}' ]; do sleep 0.02; done`] }),
    open: () => writeFileSync(file, ''),
  };
}

const variable = (name: string, value: string) => ({ name, value });
const refused = ['UnsupportedOperation', 'environmentVariablesOverride.0.x of codebuild:StartBuild'] as const;

describe('StartBuild', () => {
  it('answers a build in AWS’s shape', async () => {
    const build = await at.start({ sourceVersion: 'v' });
    const uuid = build.id.slice('demo:'.length);
    expect(uuid).toMatch(/^[\da-f-]{36}$/);
    expect(build).toMatchObject({
      arn: `arn:aws:codebuild:us-east-1:000000000000:build/demo:${uuid}`,
      buildNumber: 1,
      buildStatus: 'IN_PROGRESS',
      currentPhase: 'QUEUED',
      sourceVersion: 'v',
      projectName: 'demo',
      source: { type: 'NO_SOURCE' },
      environment: { type: 'LINUX_CONTAINER', image: 'image', privilegedMode: false },
      logs: {
        groupName: '/aws/codebuild/demo',
        streamName: uuid,
        deepLink: expect.stringContaining(uuid),
        cloudWatchLogs: { status: 'ENABLED', groupName: '/aws/codebuild/demo', streamName: uuid },
      },
      timeoutInMinutes: 60,
      startTime: expect.closeTo(Date.now() / 1000, -1),
    });
    const ended = await at.end(build.id);
    expect(ended.endTime).toBeGreaterThanOrEqual(Number(build.startTime));
    for (const phase of ended.phases.slice(0, -1))
      expect(phase).toMatchObject({
        phaseStatus: 'SUCCEEDED',
        startTime: expect.any(Number),
        endTime: expect.any(Number),
        durationInSeconds: expect.any(Number),
      });
  });

  it('starts one build for a token, also over a restart, and refuses the token for another', async () => {
    const input = { idempotencyToken: 'once' };
    const [one, two] = await Promise.all([at.start(input), at.start(input)]);
    expect(two.id).toBe(one.id);
    await at.end(one.id);
    await at.cloud.close();
    await open();
    expect((await at.start(input)).id).toBe(one.id);
    expect((await list('ListBuilds')).ids).toEqual([one.id]);
    await expect(at.start({ ...input, sourceVersion: 'other' })).rejects.toMatchObject({
      code: 'InvalidInputException',
    });
  });

  it.each([
    ['no such project', { projectName: 'none' }, 'ResourceNotFoundException', 'none'],
    [
      'a member that is not carried out',
      { privilegedModeOverride: true },
      'UnsupportedOperation',
      'privilegedMode',
    ],
    ['a value that is not one', { timeoutInMinutesOverride: 1 }, 'InvalidInputException', 'timeoutInMinutes'],
    [
      'a token that is too long',
      { idempotencyToken: 'x'.repeat(2500) },
      'InvalidInputException',
      'idempotencyToken',
    ],
    [
      'a source without a key',
      { sourceTypeOverride: 'S3', sourceLocationOverride: 'b' },
      'InvalidInputException',
      'b',
    ],
    [
      'two values of one variable',
      { environmentVariablesOverride: [variable('A', '1'), variable('A', '2')] },
      'InvalidInputException',
      'A more than once',
    ],
    [
      'more variables than a build can have',
      { environmentVariablesOverride: [variable('A', 'x'.repeat(3_000)), variable('B', 'x'.repeat(2_499))] },
      'InvalidInputException',
      '5501 characters',
    ],
    [
      'a member of a variable',
      { environmentVariablesOverride: [{ ...variable('A', '1'), x: 1 }] },
      ...refused,
    ],
  ])('refuses %s', async (_, input, code, named) => {
    await expect(at.start(input)).rejects.toMatchObject({ code, message: expect.stringContaining(named) });
  });
});

describe('a member that is not carried out', () => {
  it.each([
    ['StopBuild', { id: 'demo:1' }],
    ['BatchGetBuilds', { ids: ['demo:1'] }],
    ['BatchGetProjects', { names: ['demo'] }],
    ['ListBuilds', {}],
    ['ListBuildsForProject', { projectName: 'demo' }],
    ['ListProjects', {}],
  ])('of %s is refused by name', async (operation, input) => {
    await expect(at.cloud.request('codebuild', operation, { ...input, madeUp: 1 })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(`the members madeUp of codebuild:${operation}`),
    });
  });
});

describe('Lambda compute', () => {
  const Environment = {
    Type: 'LINUX_LAMBDA_CONTAINER',
    Image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22',
    ComputeType: 'BUILD_LAMBDA_1GB',
  };

  it('has its own time limit, which no build overrides', async () => {
    await at.project({ Environment });
    expect(await at.start()).toMatchObject({ timeoutInMinutes: 15 });
    await expect(at.start({ timeoutInMinutesOverride: 10 })).rejects.toMatchObject({
      code: 'InvalidInputException',
      message: expect.stringContaining('timeoutInMinutesOverride'),
    });
  });

  it.each([
    ['TimeoutInMinutes', { TimeoutInMinutes: 10 }],
    ['QueuedTimeoutInMinutes', { QueuedTimeoutInMinutes: 10 }],
    ['VpcConfig', { VpcConfig: {} }],
    ['BUILD_GENERAL1_SMALL', { Environment: { ...Environment, ComputeType: 'BUILD_GENERAL1_SMALL' } }],
  ])('takes no %s', async (named, properties) => {
    await expect(at.project({ Environment, ...properties })).rejects.toMatchObject({
      code: 'InvalidInputException',
      message: expect.stringContaining(named),
    });
  });
});

describe('the queue', () => {
  it('lets as many builds run as there are processors; the others wait in their order, and can be stopped', async () => {
    const { buildspec: buildspecOverride, open: go } = gate();
    const room = Math.max(2, availableParallelism());
    const ids: string[] = [];
    for (let index = 0; index < room + 2; index += 1) ids.push((await at.start({ buildspecOverride })).id);
    const phasesAt = () => Promise.all(ids.map(async (id) => (await at.get(id)).currentPhase));
    const expected = ids.map((_, index) => (index < room ? 'BUILD' : 'QUEUED'));
    await vi.waitFor(async () => expect(await phasesAt()).toEqual(expected));
    const last = ids.at(-1) ?? '';
    await at.cloud.request('codebuild', 'StopBuild', { id: last });
    const stopped = await at.get(last);
    expect(stopped).toMatchObject({ buildStatus: 'STOPPED', buildComplete: true });
    expect(stopped.phases.map(({ phaseType }) => phaseType)).toEqual(['SUBMITTED', 'QUEUED', 'COMPLETED']);
    go();
    for (const id of ids.slice(0, -1)) expect((await at.end(id)).buildStatus).toBe('SUCCEEDED');
  });

  it('is taken up by the next start, after what a killed runtime has left has been ended', async () => {
    const { buildspec: buildspecOverride, open: go } = gate();
    const { id } = await at.start({ buildspecOverride });
    await at.cloud.close();
    // What a runtime leaves that had no time to end it, and a process that is nobody's.
    const sleeping = (environment: Record<string, string>) =>
      spawn('sleep', ['1000'], { detached: true, stdio: 'ignore', env: { ...process.env, ...environment } });
    const left = sleeping({ CODEBUILD_BUILD_ID: id });
    const stranger = sleeping({ CODEBUILD_BUILD_ID: `${id}0` });
    await Promise.all([once(left, 'spawn'), once(stranger, 'spawn')]);
    const ended = once(left, 'exit');
    await open();
    await ended;
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
    go();
    expect((await at.end(id)).buildStatus).toBe('SUCCEEDED');
  });
});

describe('reading', () => {
  it('lists builds in pages of 100, the last first by default', async () => {
    const { buildspec: buildspecOverride } = gate();
    const ids: string[] = [];
    for (let index = 0; index < 101; index += 1) ids.push((await at.start({ buildspecOverride })).id);
    const first = await list('ListBuildsForProject', { projectName: 'demo' });
    expect(first.ids).toEqual(ids.slice(1).reverse());
    const { nextToken } = first;
    await at.start({ buildspecOverride });
    expect((await list('ListBuildsForProject', { projectName: 'demo', nextToken })).ids).toEqual([ids[0]]);
    const ascending = await list('ListBuildsForProject', { projectName: 'demo', sortOrder: 'ASCENDING' });
    expect(ascending.ids).toEqual(ids.slice(0, 100));
    const newest = await list('ListBuilds');
    const oldest = await list('ListBuilds', { nextToken: newest.nextToken });
    expect([newest.ids.length, oldest.ids.length]).toEqual([100, 2]);
    expect([...newest.ids, ...oldest.ids]).toEqual(expect.arrayContaining(ids));
    await expect(list('ListBuildsForProject', { projectName: 'none' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('tells what there is not', async () => {
    const { id, arn } = await at.start();
    const request = (operation: string, input: object) => at.cloud.request('codebuild', operation, input);
    expect(await request('BatchGetBuilds', { ids: [arn, 'demo:none'] })).toMatchObject({
      builds: [{ id }],
      buildsNotFound: ['demo:none'],
    });
    expect(await request('BatchGetProjects', { names: ['demo', 'none'] })).toMatchObject({
      projects: [{ name: 'demo', source: { type: 'NO_SOURCE' }, environment: { environmentVariables: [] } }],
      projectsNotFound: ['none'],
    });
    expect(await request('ListProjects', {})).toEqual({ projects: ['demo'] });
    await expect(request('StopBuild', { id: 'demo:none' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('a project of the template', () => {
  const environment = { Type: 'LINUX_CONTAINER', Image: 'i', ComputeType: 'BUILD_GENERAL1_SMALL' };

  it.each([
    ['a cache', { Cache: { Type: 'S3', Location: 'b' } }, 'Cache'],
    ['a batch configuration', { BuildBatchConfig: {} }, 'BuildBatchConfig'],
    ['secondary sources', { SecondarySources: [{}] }, 'SecondarySources'],
    ['file systems', { FileSystemLocations: [{}] }, 'FileSystemLocations'],
    ['a git source', { Source: { Type: 'GITHUB', Location: 'l' } }, 'Source'],
    ['privileged mode', { Environment: { ...environment, PrivilegedMode: 'true' } }, 'PrivilegedMode'],
    ['a Windows image', { Environment: { ...environment, Type: 'WINDOWS_CONTAINER' } }, 'Environment.Type'],
    ['logs in S3', { LogsConfig: { S3Logs: { Status: 'ENABLED' } } }, 'S3Logs'],
    ['a prefix of its log streams', { LogsConfig: { CloudWatchLogs: { StreamName: 's' } } }, 'StreamName'],
    ['artifacts in S3', { Artifacts: { Type: 'S3' } }, 'Artifacts.Type'],
    ['a made-up property', { MadeUp: 1 }, 'the members MadeUp of AWS::CodeBuild::Project'],
  ])('with %s is refused', async (_, properties, named) => {
    await expect(at.project(properties)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(named),
    });
  });

  const variable = (Name: string) => ({ Name, Value: 'v' });
  it.each([
    ['a compute type that there is not', { ComputeType: 'BUILD_GENERAL1_TINY' }, 'BUILD_GENERAL1_TINY'],
    ['Lambda compute in a container', { ComputeType: 'BUILD_LAMBDA_1GB' }, 'BUILD_LAMBDA_1GB'],
    [
      'two variables of one name',
      { EnvironmentVariables: [variable('A'), variable('A')] },
      'A more than once',
    ],
  ])('with %s is refused, as by AWS', async (_, more, named) => {
    await expect(at.project({ Environment: { ...environment, ...more } })).rejects.toMatchObject({
      code: 'InvalidInputException',
      message: expect.stringContaining(named),
    });
  });
});
