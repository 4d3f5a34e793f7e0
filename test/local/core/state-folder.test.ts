import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, it } from 'vitest';
import { type Holder, holdFolder, takeFolder } from '../../../local/core/state-folder.ts';
import { openStore } from '../../../local/core/store.ts';
import { temporaryFolder } from '../../../local/testing.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

interface Other {
  readonly pid: number;
  /** resolves to `held`, or why it could not be */
  hold(): Promise<string>;
  /** ends it as the interrupt of a runtime does, or at once */
  end(signal?: NodeJS.Signals): Promise<void>;
}

const started: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

async function other(path: string): Promise<Other> {
  const script = fileURLToPath(new URL('../../support/local/holds-state-folder.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, path]);
  started.push(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => String((await lines.next()).value);
  expect(await line()).toBe('ready');
  return {
    pid: child.pid ?? 0,
    hold: async () => {
      child.stdin.write('hold\n');
      return line();
    },
    end: async (signal) => {
      const exit = once(child, 'exit');
      if (signal) child.kill(signal);
      else child.stdin.end();
      await exit;
    },
  };
}

const inUse = ({ pid }: Other, path: string) =>
  `${path} is in use by process ${pid}: stop it, or choose another folder with --data`;

it('is taken once, given back, and taken again', async () => {
  const path = join(folder.path, 'again');
  const first = await other(path);
  expect(await first.hold()).toBe('held');
  const second = await other(path);
  expect(await second.hold()).toBe(inUse(first, path));
  await first.end();
  const third = await other(path);
  expect(await third.hold()).toBe('held');
  await third.end();
});

it('is taken by one alone of several that start at once', async () => {
  const path = join(folder.path, 'at-once');
  const all = await Promise.all([other(path), other(path), other(path), other(path)]);
  const answers = await Promise.all(all.map((each) => each.hold()));
  const holder = all[answers.indexOf('held')];
  if (!holder) throw new Error(`nobody holds it: ${answers}`);
  expect(answers.filter((answer) => answer !== 'held')).toEqual(Array(3).fill(inUse(holder, path)));
  await holder.end('SIGKILL');

  const next = await Promise.all([other(path), other(path), other(path)]);
  const taken = await Promise.all(next.map((each) => each.hold()));
  expect(taken.filter((answer) => answer === 'held')).toEqual(['held']);
});

it('is said to be in use, and not to be damaged, while its holder writes', async () => {
  const path = join(folder.path, 'busy');
  const script = fileURLToPath(new URL('../../support/local/writes-state-folder.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, path]);
  started.push(child);
  await once(child.stdout, 'data');
  for (let tries = 1; tries <= 10; tries++)
    await expect(takeFolder(path)).rejects.toThrow(`is in use by process ${child.pid}`);
});

it('is taken from a holder that was killed, though its number is another process by now', async () => {
  const path = join(folder.path, 'reused');
  const store = openStore(path);
  await store.collection<Holder>('runtime').put('holder', { pid: process.ppid, since: '1' });
  await (await holdFolder(store, path))();
  await store.close();
});
