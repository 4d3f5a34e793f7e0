import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchSubmodule } from '../../../functions/pull/fetch-submodule.ts';
import type { Git } from '../../../functions/pull/git.ts';
import { GitFailure } from '../../../functions/pull/git-failure.ts';
import { isUnreachable, untilReachable } from '../../../functions/pull/replica.ts';
import { errors, HooklineError } from '../../../functions/shared/errors.ts';
import { failing } from '../../support/functions/failing.ts';
import { remote } from '../../support/functions/git-failures.ts';

const waits: number[] = [];
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => void waits.push(ms),
}));

const unreachable = () => new HooklineError(errors.commitUnreachable, 'not there');
const reached = (...failures: unknown[]) => untilReachable(failing(...failures).attempt);

describe('a commit that the host does not have', () => {
  let log: string[];
  beforeEach(() => {
    waits.length = 0;
    log = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
  });
  afterEach(() => void vi.restoreAllMocks());

  it('is asked for three times, with a second and three between them', async () => {
    expect([await reached(), waits]).toEqual(['done', []]);
    expect([await reached(unreachable(), unreachable()), waits]).toEqual(['done', [1000, 3000]]);
    expect(log).toEqual(['looking again in 1 s: not there\n', 'looking again in 3 s: not there\n']);
    const last = unreachable();
    await expect(reached(unreachable(), unreachable(), last)).rejects.toBe(last);
  });

  it('is not asked for again after another failure, nor where it is of a submodule', async () => {
    const git: Pick<Git, 'run'> = {
      run: async () => {
        throw new GitFailure({ command: 'fetch', status: 128, stderr: 'upload-pack: not our ref 1' });
      },
    };
    const commit = '1'.repeat(40);
    const caught = await fetchSubmodule(
      git as Git,
      { gitDir: '' },
      { remote: remote(), commit },
      false,
    ).catch((error: Error) => error);
    for (const error of [caught, new HooklineError(errors.diskFull, 'x'), { name: 'CommitUnreachable' }]) {
      expect(isUnreachable(error)).toBe(false);
      await expect(reached(error)).rejects.toBe(error);
    }
    expect(caught).toMatchObject({ name: 'CommitUnreachable' });
    expect([waits, log]).toEqual([[], []]);
  });
});
