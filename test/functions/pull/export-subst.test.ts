import { describe, expect, it } from 'vitest';
import { substituteFormats } from '../../../functions/pull/export-subst.ts';
import type { Git } from '../../../functions/pull/git.ts';
import { GitFailure } from '../../../functions/pull/git-failure.ts';

const repo = { gitDir: '/repo' };
const merged = { env: { GIT_INDEX_FILE: '/index' }, parts: [{ prefix: '', commit: 'c' }] };
const failure = (status: number) => new GitFailure({ command: 'grep', status, stderr: '' });

/** Substitutes with a git that answers by command. @returns the commands that it was asked for */
async function asked(answers: Readonly<Record<string, string | Error>>): Promise<string[]> {
  const commands: string[] = [];
  const bytes = async ([command = '']: readonly string[]) => {
    commands.push(command);
    const answer = answers[command] ?? '';
    if (answer instanceof Error) throw answer;
    return Buffer.from(answer);
  };
  const git: Pick<Git, 'bytes' | 'run'> = { bytes, run: async (args) => String(await bytes(args)) };
  await substituteFormats(git as Git, repo, merged);
  return commands;
}

describe('formats of an archive', () => {
  it('that no file has change nothing', async () => {
    expect(await asked({ grep: failure(1) })).toEqual(['grep']);
  });

  it('in a file without the attribute change nothing', async () => {
    const without = { grep: 'a.txt\0', 'check-attr': 'a.txt\0export-subst\0unspecified\0' };
    expect(await asked(without)).toEqual(['grep', 'check-attr']);
  });

  it.each([failure(128), new Error('no git')])('are not left as they are for %s', async (error) => {
    await expect(asked({ grep: error })).rejects.toBe(error);
  });
});
