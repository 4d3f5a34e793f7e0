import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fingerprint, type LiveRules, watchRules } from '../../../cli/up/live-rules.ts';

const PATIENCE = { interval: 20 };
const good = 'description: a rule\nmatch: { event: [push] }\n';

let folder: string;
let said: string[];
let apply: (signal: AbortSignal) => Promise<void>;
let applied: number;
let live: LiveRules;

const write = (name: string, text: string) => writeFile(join(folder, `${name}.yaml`), text);
const says = (text: RegExp) => vi.waitFor(() => expect(said.at(-1)).toMatch(text), PATIENCE);
const open = (inForce = fingerprint(folder)) =>
  watchRules({
    folder,
    root: folder,
    inForce,
    say: (text) => said.push(text),
    apply: async (signal) => {
      applied++;
      await apply(signal);
    },
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-live-'));
  [said, applied, apply] = [[], 0, async () => undefined];
  await write('first', good);
  live = open();
});
afterEach(async () => {
  await live.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the rules of a folder', () => {
  it('are put in force once for files that are written together', async () => {
    await Promise.all([write('second', good), write('third', good)]);
    await says(/^rules in force: first, second, third \(/);
    expect(applied).toBe(1);
    expect(live.problems()).toEqual([]);
  });

  it('are checked before anything is put in force, and need nothing when the change is taken back', async () => {
    await write('first', 'description: a rule\n');
    await says(/^first\.yaml:1:1: match is missing: .*\nthese rules stay in force: first$/);
    expect(live.problems()).toMatchObject([{ file: 'first.yaml', line: 1, column: 1 }]);
    await write('first', good);
    await says(/^rules in force: first \(/);
    expect([applied, live.problems()]).toEqual([0, []]);
  });

  it('that cannot be put in force are a problem until they can', async () => {
    apply = async () => {
      throw new Error('the stack says no');
    };
    await write('second', good);
    await says(/the stack says no\nthese rules stay in force: first$/);
    expect(live.problems()).toMatchObject([{ message: 'the stack says no' }]);
    apply = async () => undefined;
    await write('second', `${good}status: true\n`);
    await says(/^rules in force: first, second \(/);
  });

  it('that change while others are being put in force come next', async () => {
    let release = (): void => undefined;
    apply = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    await write('second', good);
    await vi.waitFor(() => expect(applied).toBe(1), PATIENCE);
    await write('third', good);
    apply = async () => undefined;
    release();
    await says(/^rules in force: first, second, third \(/);
    expect(applied).toBe(2);
  });

  it('that changed before the watch began are put in force too', async () => {
    await live.close();
    live = open('what was synthesized');
    await says(/^rules in force: first \(/);
    expect(applied).toBe(1);
  });

  it('are followed into a folder that is made anew, as by a checkout', async () => {
    await rm(folder, { recursive: true });
    await says(/the folder is gone: make it again\nthese rules stay in force: first$/);
    const before = said.length;
    await mkdir(folder);
    await write('second', good);
    await says(/^rules in force: second \(/);
    await write('third', good);
    await says(/^rules in force: second, third \(/);
    expect(said.length).toBeLessThan(before + 8);
  });

  it('are given up at the end, without a word', async () => {
    apply = (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));
    await write('second', good);
    await vi.waitFor(() => expect(applied).toBe(1), PATIENCE);
    await live.close();
    expect(said).toEqual([expect.stringMatching(/^a change in /)]);
  });
});
