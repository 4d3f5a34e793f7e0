import { describe, expect, it } from 'vitest';
import { type Look, lookUntilOnRef } from '../../../functions/pull/look.ts';

const tipOf = (commit: string) => ({ id: commit, commit });
const seen = (token: number, commit?: string, behind = false): Look => ({
  token,
  published: '',
  claimed: {},
  tip: commit === undefined ? undefined : tipOf(commit),
  behind,
});

/** Sees each of the looks in turn. */
function looking(looks: readonly Look[], onRef: readonly string[] = []) {
  const told: unknown[] = [];
  let at = 0;
  return {
    told,
    lookUp: async () => looks[at++] ?? seen(99),
    isOnRef: async ({ commit }: { commit: string }) => onRef.includes(commit),
    wait: async (ms: number) => told.push(ms),
    say: (words: string) => void told.push(words),
  };
}

const input = { asked: { values: [] }, delivered: 'c1', ref: 'refs/heads/main' };
const giving = { ...input, asked: { values: [], giveWay: 'rule' } };

describe('a ref is looked at', () => {
  it('once where it holds the commit, and once where it is gone', async () => {
    const held = looking([seen(1, 'c1')], ['c1']);
    expect(await lookUntilOnRef(input, held)).toEqual({ ...seen(1, 'c1'), onRef: true });
    const gone = looking([seen(2)]);
    expect(await lookUntilOnRef(input, gone)).toEqual({ ...seen(2), onRef: true });
    expect([held.told, gone.told]).toEqual([[], []]);
  });

  it('three times where it does not hold the commit', async () => {
    const late = looking([seen(1, 'c0'), seen(2, 'c0'), seen(3, 'c0')]);
    expect(await lookUntilOnRef(input, late)).toEqual({ ...seen(3, 'c0'), onRef: false });
    const again = (seconds: number) => `c1 is not on refs/heads/main: looking again in ${seconds} s`;
    expect(late.told).toEqual([again(1), 1000, again(3), 3000]);
  });

  it('until a replica has caught up', async () => {
    const late = looking([seen(1, 'c0'), seen(2, 'c1')], ['c1']);
    expect(await lookUntilOnRef(input, late)).toEqual({ ...seen(2, 'c1'), onRef: true });
  });

  it('again where it has moved on and a rule gives way to what is not claimed yet', async () => {
    const moved = looking([seen(1, 'c2'), seen(2, 'c2', true)]);
    expect(await lookUntilOnRef(giving, moved)).toEqual({ ...seen(2, 'c2', true), onRef: true });
    expect(moved.told).toEqual(['refs/heads/main has moved on from c1: looking again in 2 s', 2000]);
  });

  it('once where it is known already who is newer, and where nothing is', async () => {
    const behind = looking([seen(1, 'c2', true)]);
    expect(await lookUntilOnRef(giving, behind)).toEqual({ ...seen(1, 'c2', true), onRef: true });
    const same = looking([seen(1, 'c1')], ['c1']);
    expect(await lookUntilOnRef(giving, same)).toMatchObject({ token: 1, onRef: true });
    expect([behind.told, same.told]).toEqual([[], []]);
  });
});
