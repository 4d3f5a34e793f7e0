import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notWritten } from '../../../local/core/not-written.ts';
import { openStore } from '../../../local/core/store.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hookline-store-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('keeps what was put', async () => {
  const store = openStore(directory);
  await store.collection<string>('names').put('a', 'first');
  await store.close();
  const again = openStore(directory);
  expect(again.collection<string>('names').get('a')).toBe('first');
  await again.close();
});

it('waits for a state file that another process begins at this moment', async () => {
  const sound = join(directory, 'sound');
  await openStore(sound).close();
  await writeFile(join(directory, 'state.lmdb'), '');
  spawn('sh', ['-c', 'sleep 0.3; cp "$1" "$2"', 'sh', join(sound, 'state.lmdb'), directory]);
  await openStore(directory).close();
});

it('is for its owner alone, in a folder that was open to everybody too', async () => {
  await chmod(directory, 0o755);
  const store = openStore(directory);
  const modes = ['.', 'state.lmdb', 'state.lmdb-lock', store.folder('blobs')].map(async (path) =>
    ((await stat(resolve(directory, path))).mode & 0o777).toString(8),
  );
  expect(await Promise.all(modes)).toEqual(['700', '600', '600', '700']);
  await store.close();
});

it('ends a transaction that was begun before it was closed', async () => {
  const store = openStore(directory);
  const names = store.collection<string>('names');
  const put = store.transaction(() => names.put('a', 'first'));
  await store.close();
  await put;
  const again = openStore(directory);
  expect(again.collection<string>('names').get('a')).toBe('first');
  await again.close();
});

it('answers whoever comes while it closes with an error, and does not break the process', async () => {
  const store = openStore(directory);
  const names = store.collection<string>('names');
  const written = names.put('a', 'first');
  const closed = store.close();
  expect(() => names.get('a')).toThrow(`the state folder ${directory} is closed`);
  await expect(names.put('b', 'second')).rejects.toThrow('is closed');
  expect(() => store.transaction(() => 0)).toThrow('is closed');
  await Promise.all([written, closed]);
  // LMDB's own failure came from a timer, after the read.
  await wait(5);
});

describe('a key that is too long', () => {
  const long = 'k'.repeat(5000);

  it.each([long, 'k'.repeat(2000), ['k', long]])('holds nothing', async (key) => {
    const store = openStore(directory);
    const names = store.collection<string>('names');
    await names.put('a', 'first');
    const prefix = [key].flat();
    expect(names.get(key)).toBeUndefined();
    expect([...names.under(prefix), ...names.under(prefix, { reverse: true })]).toEqual([]);
    expect([...names.under(['a'], { after: prefix }), ...names.entries({ start: key })]).toEqual([]);
    expect([...names.entries()]).toHaveLength(1);
    await store.close();
  });

  it('holds no page back after it was read from', async () => {
    const store = openStore(directory);
    const names = store.collection<string>('names');
    await names.put('z', '');
    for (const entries of [names.entries({ start: long }), names.under([long])])
      expect([...entries]).toEqual([]);
    for (let round = 0; round < 150; round++) await names.put('z', String(round).padEnd(40_000));
    await store.close();
    expect((await stat(join(directory, 'state.lmdb'))).size).toBeLessThan(2_000_000);
  });

  it('is refused in a write, and fails the transaction around it', async () => {
    const store = openStore(directory);
    const names = store.collection<string>('names');
    const refused = { code: 'ValidationException', message: expect.stringContaining('too long') };
    await expect(names.put(long, 'x')).rejects.toMatchObject(refused);
    await expect(names.remove(long)).rejects.toMatchObject(refused);
    await expect(store.transaction(() => void names.put(long, 'x'))).rejects.toMatchObject(refused);
    await names.put('a', 'first');
    expect([...names.entries()]).toEqual([{ key: 'a', value: 'first' }]);
    await store.close();
  });
});

const DAMAGE = fileURLToPath(new URL('../../support/local/damage-store.ts', import.meta.url));
const FILL = fileURLToPath(new URL('../../support/local/fill-store.ts', import.meta.url));

describe('a disk that takes no more', () => {
  it('fails each write with the folder and what to do, and breaks neither the process nor what is written', async () => {
    // A limit of 4 MB for a file stands for it.
    const script = 'ulimit -f 4096; exec "$0" --import tsx "$@"';
    const { stdout } = await execa('bash', ['-c', script, process.execPath, FILL, directory]);
    const error = `StateNotWritten: ${directory} cannot be written: look at its disk; nothing that was accepted is lost`;
    expect(JSON.parse(stdout)).toEqual({ put: error, together: error, kept: 500_000, written: true });
  });

  // On Linux this folder has a disk without any room.
  it.runIf(process.platform === 'linux')('is told from a disk that is broken', () => {
    expect(notWritten('/proc')).toContain('the disk of /proc is full: make room');
    expect(notWritten(directory)).toContain('cannot be written');
  });
});

describe('a damaged state file', () => {
  const file = () => join(directory, 'state.lmdb');
  const fill = async () => {
    const store = openStore(directory);
    const values = store.collection<string>('values');
    await Promise.all(
      Array.from({ length: 200 }, (_, key) => values.put(String(key), `${key}`.repeat(2000))),
    );
    await store.close();
  };
  const messageOf = (open: () => unknown): string => {
    try {
      open();
      return '';
    } catch (error) {
      return String(error);
    }
  };

  // Without the check, LMDB ends this process by a signal.
  it.each<[string, (bytes: Buffer) => Buffer | number, string]>([
    ['is empty', () => 0, 'it is empty'],
    [
      'begins with what is none',
      (bytes) => bytes.fill(0xa5, 0, 8192),
      'it does not begin as a state file does',
    ],
    ['lost its first page', (bytes) => bytes.fill(0, 0, 4096), 'it does not begin as a state file does'],
    ['was cut to a quarter', (bytes) => bytes.length / 4, 'bytes)'],
  ])('that %s is named, with what to do, and stays as it is', async (_, damage, words) => {
    await fill();
    const bytes = await readFile(file());
    const left = damage(bytes);
    if (typeof left === 'number') await truncate(file(), left);
    else await writeFile(file(), left);
    const before = await readFile(file());
    const error = messageOf(() => openStore(directory));
    expect(error).toContain(`${file()} is damaged (`);
    expect(error).toContain(words);
    expect(error).toContain('put it back from a copy, or move it away');
    expect((await readFile(file())).equals(before)).toBe(true);
  });

  it('is also what is no file', async () => {
    await mkdir(file());
    expect(messageOf(() => openStore(directory))).toContain(
      `${file()} is damaged (it is no file): put it back`,
    );
  });

  // LMDB follows what a damaged page says out of the file, and the process ends by a signal.
  it('at places of chance is named in one line, and ends no process by a signal', async () => {
    const seed = 1;
    const args = ['--import', 'tsx', DAMAGE, directory, String(seed), '30'];
    const { stdout, signal } = await execa(process.execPath, args, { reject: false });
    const told = stdout.split('\n').map((line): { seed: number; message?: string } => JSON.parse(line));
    expect(signal, `ended at the seed ${told.at(-1)?.seed}`).toBeUndefined();
    const messages = told.flatMap(({ message }) => message || []);
    expect(messages.length).toBeGreaterThan(10);
    for (const message of messages) {
      expect(message).toMatch(/state\.lmdb is damaged \(.+\): put it back from a copy/);
      expect(message).not.toContain('\n');
    }
  });

  it('is none that is merely shorter than its last page, as a killed LMDB leaves one', async () => {
    const store = openStore(directory);
    // Each collection is looked at.
    const others = Array.from({ length: 40 }, (_, number) => store.collection<string>(`others/${number}`));
    await Promise.all(others.map((each) => each.put('a', 'small')));
    const values = store.collection<string>('values');
    // Its pages are the last, and free.
    await values.put('a', 'x'.repeat(2_000_000));
    for (const text of ['small', 'small again', 'and again']) await values.put('a', text);
    await store.close();
    await truncate(file(), (await stat(file())).size - 1_000_000);
    const again = openStore(directory);
    expect(again.collection<string>('values').get('a')).toBe('and again');
    await again.collection<string>('values').put('a', 'x'.repeat(2_000_000));
    await again.close();
  });
});
