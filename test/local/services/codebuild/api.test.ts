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

describe('StartBuild', () => {
  it('answers a build in AWS’s shape', async () => {
    const build = await at.start({ sourceVersion: 'v' });
    const uuid = build.id.slice('p:'.length);
    expect(uuid).toMatch(/^[\da-f-]{36}$/);
    expect(build).toMatchObject({
      arn: `arn:aws:codebuild:us-east-1:000000000000:build/p:${uuid}`,
      buildNumber: 1,
      buildStatus: 'IN_PROGRESS',
      currentPhase: 'QUEUED',
      sourceVersion: 'v',
      projectName: 'p',
      source: { type: 'NO_SOURCE' },
      environment: { type: 'LINUX_CONTAINER', image: 'image', privilegedMode: false },
      logs: {
        groupName: '/aws/codebuild/p',
        streamName: uuid,
        deepLink: expect.stringContaining(uuid),
        cloudWatchLogs: { status: 'ENABLED', groupName: '/aws/codebuild/p', streamName: uuid },
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
      'a source without a key',
      { sourceTypeOverride: 'S3', sourceLocationOverride: 'b' },
      'InvalidInputException',
      'b',
    ],
  ])('refuses %s', async (_, input, code, named) => {
    await expect(at.start(input)).rejects.toMatchObject({ code, message: expect.stringContaining(named) });
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
  it('lists builds in pages of 100, the last first unless told', async () => {
    const { buildspec: buildspecOverride } = gate();
    const ids: string[] = [];
    for (let index = 0; index < 101; index += 1) ids.push((await at.start({ buildspecOverride })).id);
    const first = await list('ListBuildsForProject', { projectName: 'p' });
    expect(first.ids).toEqual(ids.slice(1).reverse());
    const { nextToken } = first;
    expect((await list('ListBuildsForProject', { projectName: 'p', nextToken })).ids).toEqual([ids[0]]);
    const ascending = await list('ListBuildsForProject', { projectName: 'p', sortOrder: 'ASCENDING' });
    expect(ascending.ids).toEqual(ids.slice(0, 100));
    expect((await list('ListBuilds')).ids).toHaveLength(100);
    await expect(list('ListBuildsForProject', { projectName: 'none' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('tells what there is not', async () => {
    const { id, arn } = await at.start();
    const request = (operation: string, input: object) => at.cloud.request('codebuild', operation, input);
    expect(await request('BatchGetBuilds', { ids: [arn, 'p:none'] })).toMatchObject({
      builds: [{ id }],
      buildsNotFound: ['p:none'],
    });
    expect(await request('BatchGetProjects', { names: ['p', 'none'] })).toMatchObject({
      projects: [{ name: 'p', source: { type: 'NO_SOURCE' }, environment: { environmentVariables: [] } }],
      projectsNotFound: ['none'],
    });
    expect(await request('ListProjects', {})).toEqual({ projects: ['p'] });
    await expect(request('StopBuild', { id: 'p:none' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('a project of the template', () => {
  it.each([
    ['a cache', { Cache: { Type: 'S3', Location: 'b' } }, 'Cache'],
    ['a batch configuration', { BuildBatchConfig: {} }, 'BuildBatchConfig'],
    ['secondary sources', { SecondarySources: [{}] }, 'SecondarySources'],
    ['file systems', { FileSystemLocations: [{}] }, 'FileSystemLocations'],
    ['a git source', { Source: { Type: 'GITHUB', Location: 'l' } }, 'Source'],
  ])('with %s is refused', async (_, properties, named) => {
    await expect(at.project(properties)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(named),
    });
  });
});
