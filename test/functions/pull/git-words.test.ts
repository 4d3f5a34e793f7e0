import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GitWords } from '../../../functions/pull/git-words.ts';

const PROGRESS = [
  'remote: Enumerating objects: 41, done.        \n',
  'remote: Counting objects:   2% (1/41)        \r',
  'remote: Compressing objects: 100% (40/40), done.        \n',
  'remote: Total 41 (delta 3), reused 0 (delta 0), pack-reused 0\n',
  'Receiving objects:  45% (18/40), 801.23 MiB | 20.00 MiB/s\r',
  'Resolving deltas: 100% (3/3), done.\n',
  'remote: Counting objects: 41        \r',
  'Expanding reachable commits in commit graph: 12, done.\n',
];
const WORDS = [
  'remote: Repository not found.\n',
  "fatal: repository 'https://git.test/acme/app.git/' not found\n",
  'error: RPC failed; curl 28 Operation too slow.\n',
  'fatal: early EOF\n',
  'fatal: at Receiving objects:  45% (18/40)\n',
];

describe('what git writes to standard error', () => {
  let log: string[];
  beforeEach(() => {
    log = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('is its words without its progress, in whatever pieces it comes', () => {
    const lines = fc.array(fc.constantFrom(...PROGRESS, ...WORDS), { maxLength: 20 });
    fc.assert(
      fc.property(lines, fc.array(fc.nat(400), { maxLength: 8 }), (said, cuts) => {
        const text = said.join('');
        const words = new GitWords();
        const ends = [...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        for (const [number, end] of ends.entries()) words.add(text.slice(ends[number - 1] ?? 0, end));
        const expected = said.filter((line) => WORDS.includes(line)).join('');
        expect(words.end()).toBe(expected.trim());
      }),
    );
  });

  it('tells the log of its progress at most every ten seconds, and of nothing that takes less', () => {
    const words = new GitWords();
    const receiving = (percent: number) => words.add(`Receiving objects:  ${percent}% (${percent}/100)\r`);
    receiving(1);
    vi.advanceTimersByTime(9_999);
    receiving(2);
    expect(log).toEqual([]);
    vi.advanceTimersByTime(1);
    receiving(3);
    receiving(4);
    vi.advanceTimersByTime(10_000);
    receiving(5);
    expect(log).toEqual(['Receiving objects:  3% (3/100)\n', 'Receiving objects:  5% (5/100)\n']);
  });

  it('is cut to its end when it is long', () => {
    const words = new GitWords();
    words.add(`${'x'.repeat(20_000)}\n${'y'.repeat(20_000)}last words`);
    expect(words.end()).toMatch(/^y+last words$/);
    expect(words.end().length).toBeLessThanOrEqual(8192);
  });

  it('has of a line without an end the last part alone', () => {
    const words = new GitWords();
    words.add(`Total 41 ${'x'.repeat(9000)}`);
    words.add('last\n');
    expect(words.end()).toBe(`${'x'.repeat(8187)}last`);
  });
});
