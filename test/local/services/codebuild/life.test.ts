import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { availableParallelism } from 'node:os';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
afterEach(async () => {
  vi.useRealTimers();
  await at.cloud.close();
});
afterAll(() => folder.remove());

/** Whether a process runs; one that has ended and that nobody has asked about does not. */
function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** Starts a build that leaves a child behind and waits; answers when both run. */
async function startWaiting(more: readonly string[] = ['sleep 1000']) {
  const file = `${state}/pids`;
  // Nobody reads it half written.
  const commands = [
    `sleep 1000 & echo $! $$ > '${file}.new'; mv '${file}.new' '${file}'; echo waiting`,
    ...more,
  ];
  const { id } = await at.start({ buildspecOverride: spec({ build: commands }) });
  await vi.waitFor(async () => expect(await at.lines(id)).toContain('waiting'));
  return { id, pids: readFileSync(file, 'utf8').trim().split(' ').map(Number) };
}

describe('a build at work', () => {
  it('shows its log while it runs, in the order in which it was written', async () => {
    const { id } = await startWaiting([
      'printf "out\\n"; printf "err\\n" >&2; printf "out again"',
      'sleep 1000',
    ]);
    await vi.waitFor(async () => expect(await at.lines(id)).toContain('out again'));
    expect((await at.get(id)).buildStatus).toBe('IN_PROGRESS');
    const lines = (await at.lines(id)).filter((line) => !line.startsWith('[Container]'));
    expect(lines).toEqual(['waiting', 'out', 'err', 'out again']);
  });

  it('tells whoever waits for it of its end, once the end can be seen', async () => {
    const seen: [string, string][] = [];
    const tell = vi.spyOn(at.cloud.ends, 'tell').mockImplementation((id) => {
      void at.get(id).then(({ buildStatus }) => seen.push([id, buildStatus]));
    });
    const done = await at.run(spec({ build: ['true'] }));
    const running = await startWaiting();
    expect(tell.mock.calls).toEqual([[done.id]]);
    await at.cloud.request('codebuild', 'StopBuild', { id: running.id });
    await vi.waitFor(() =>
      expect(seen).toEqual([
        [done.id, 'SUCCEEDED'],
        [running.id, 'STOPPED'],
      ]),
    );
  });

  it('is stopped with every process that it has started', async () => {
    const { id, pids } = await startWaiting();
    await at.cloud.request('codebuild', 'StopBuild', { id });
    const build = await at.end(id);
    expect(build.buildStatus).toBe('STOPPED');
    expect(build.phases.find(({ phaseType }) => phaseType === 'BUILD')?.phaseStatus).toBe('STOPPED');
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('is stopped even where a process does not want to end', async () => {
    const { id } = await startWaiting([
      `bash -c 'trap "" TERM; echo $$ > ${state}/stubborn; sleep 1000 & wait; sleep 1000'`,
    ]);
    const pid = await vi.waitFor(() => Number(readFileSync(`${state}/stubborn`, 'utf8')) || expect.fail());
    await at.cloud.request('codebuild', 'StopBuild', { id });
    expect((await at.end(id)).buildStatus).toBe('STOPPED');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  });

  it('gives what it stops the time to clean up', async () => {
    const trap = `trap "sleep 0.3; echo > '${state}/cleaned'; exit" TERM`;
    const { id } = await startWaiting([
      `bash -c '${trap.replaceAll("'", `'\\''`)}; echo ready; sleep 1000 & wait'`,
    ]);
    await vi.waitFor(async () => expect(await at.lines(id)).toContain('ready'));
    await at.cloud.request('codebuild', 'StopBuild', { id });
    await at.end(id);
    expect(existsSync(`${state}/cleaned`)).toBe(true);
  });

  it('ends with its last command, whatever that has left in the background', async () => {
    const { id, pids } = await startWaiting(['true']);
    expect((await at.end(id)).buildStatus).toBe('SUCCEEDED');
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]));
  });

  it('times out after the minutes of its project', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { id } = await at.start({
      buildspecOverride: spec({ build: [`echo > '${state}/began'`, 'sleep 1000'] }),
      timeoutInMinutesOverride: 5,
    });
    while (!existsSync(`${state}/began`)) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(5 * 60_000 - 1000);
    expect((await at.get(id)).buildStatus).toBe('IN_PROGRESS');
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    const build = await at.end(id);
    expect(build.buildStatus).toBe('TIMED_OUT');
    expect(build.phases.find(({ phaseType }) => phaseType === 'BUILD')).toMatchObject({
      phaseStatus: 'TIMED_OUT',
      contexts: [{ statusCode: 'BUILD_TIMED_OUT' }],
    });
  });

  it('leaves no folder to the next start, wherever a kill comes', async () => {
    const { id } = await startWaiting();
    const own = id.split(':')[1] ?? '';
    await at.cloud.close();
    mkdirSync(`${state}/codebuild/of-an-ended-build/source`, { recursive: true });
    mkdirSync(`${state}/codebuild/${own}`, { recursive: true });
    await open();
    expect(readdirSync(`${state}/codebuild`)).toEqual([own]);
  });

  it('begins again once there is room when a full disk has no folder for it', async () => {
    const failing = (code: string) => Object.assign(new Error(`${code}: mkdir`), { code });
    const full = vi
      .spyOn(promises, 'mkdir')
      .mockImplementation((_path, options) =>
        Promise.reject(failing(typeof options === 'object' && options?.recursive ? 'ENOENT' : 'ENOSPC')),
      );
    syncBuiltinESMExports();
    const { id } = await at.start();
    try {
      await vi.waitFor(() =>
        expect(at.cloud.warnings.at(-1)).toMatch(/^the build .* begins again: .* the disk of .* is full/),
      );
      expect((await at.get(id)).buildStatus).toBe('IN_PROGRESS');
    } finally {
      full.mockRestore();
      syncBuiltinESMExports();
    }
    expect((await at.end(id)).buildStatus).toBe('SUCCEEDED');
  });

  it('is run again from its beginning, in a clean folder, when the runtime ended before it', async () => {
    const { id, pids } = await startWaiting();
    await at.cloud.close();
    expect(pids.map(isAlive)).toEqual([false, false]);
    await open();
    const again = await vi.waitFor(() => {
      const now = readFileSync(`${state}/pids`, 'utf8').trim().split(' ').map(Number);
      expect(now).not.toEqual(pids);
      return now;
    });
    expect((await at.get(id)).buildStatus).toBe('IN_PROGRESS');
    await at.cloud.request('codebuild', 'StopBuild', { id });
    expect(again.map(isAlive)).toEqual([false, false]);
  });

  it('that the runtime itself cannot run is at fault, and the terminal says why', async () => {
    rmSync(`${state}/codebuild`, { recursive: true });
    writeFileSync(`${state}/codebuild`, 'no folder');
    const build = await at.end((await at.start()).id);
    expect(build).toMatchObject({ buildStatus: 'FAULT', buildComplete: true });
    expect(at.cloud.warnings.join()).toContain(build.id);
  });

  it('times out in the queue after the minutes of its project', async () => {
    await at.project({ QueuedTimeoutInMinutes: 5 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const buildspecOverride = spec({ build: ['sleep 1000'] });
    const running = [];
    for (let index = 0; index < Math.max(2, availableParallelism()); index += 1)
      running.push((await at.start({ buildspecOverride })).id);
    const { id } = await at.start({ buildspecOverride });
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    vi.useRealTimers();
    const build = await at.end(id);
    expect(build.buildStatus).toBe('TIMED_OUT');
    expect(build.phases.at(-2)).toMatchObject({ phaseType: 'QUEUED', phaseStatus: 'TIMED_OUT' });
    for (const other of running) expect((await at.get(other)).buildStatus).toBe('IN_PROGRESS');
  });

  it('leaves no folder', async () => {
    const { id } = await at.run(spec({ build: ['touch file "$HOME/file" "$TMPDIR/file"'] }));
    await vi.waitFor(() =>
      expect(
        readdirSync(state, { recursive: true })
          .map(String)
          .filter((name) => name.includes(id.split(':')[1] ?? '')),
      ).toEqual([]),
    );
  });
});

describe('a full disk', () => {
  // A loaded machine takes its time.
  const PATIENCE = { timeout: 60_000 };

  it('has a build begin again once there is room, without a restart', async () => {
    const gate = `${state}/gate`;
    const wait = `until [ -e '${gate}' ]; do sleep 0.02; done`;
    const { id } = await at.start({ buildspecOverride: spec({ build: ['echo waiting', wait] }) });
    await vi.waitFor(async () => expect(await at.lines(id)).toContain('waiting'));
    at.cloud.disk.full = true;
    writeFileSync(gate, '');
    await vi.waitFor(() => expect(at.cloud.warnings.join()).toContain(`the build ${id} begins again`));
    expect((await at.get(id)).buildStatus).toBe('IN_PROGRESS');
    at.cloud.disk.full = false;
    await vi.waitFor(async () => expect((await at.get(id)).buildStatus).toBe('SUCCEEDED'), PATIENCE);
  });
});
