import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Git, GitOptions } from '../../../functions/pull/git.ts';
import { GitFailure } from '../../../functions/pull/git-failure.ts';
import { fetchLfs, lfsConfig, requireLfs } from '../../../functions/pull/lfs.ts';
import type { Remote } from '../../../functions/pull/remote.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const remote: Remote = {
  url: 'https://git.example.com/acme/app.git',
  protocol: 'https',
  config: [],
  env: {},
  credential: 'the secret',
};
/** A git that fails with each of the errors in turn. */
function gitOf(...errors: unknown[]) {
  const asked: unknown[] = [];
  const run = async (args: readonly string[], options?: GitOptions) => {
    asked.push([args.join(' '), options]);
    const error = errors.shift();
    if (error) throw error;
    return '';
  };
  const git: Pick<Git, 'home' | 'run'> = { home: '/home', run };
  return { git: git as Git, asked };
}
const failure = (status: number, stderr = '') => new GitFailure({ command: 'lfs', status, stderr });

describe('git-lfs', () => {
  beforeEach(() => void vi.spyOn(process.stdout, 'write').mockImplementation(() => true));
  afterEach(() => void vi.restoreAllMocks());

  it('has to be there', async () => {
    const { git, asked } = gitOf();
    await requireLfs(git);
    expect(asked).toEqual([['lfs version', undefined]]);
    const missing = failure(1, "git: 'lfs' is not a git command");
    await expect(requireLfs(gitOf(missing).git)).rejects.toMatchObject({
      name: 'LfsMissing',
      message:
        'git-lfs is not installed in the build and the rule has `lfs: true`; use an image that has it, or set `lfs: false`',
      cause: missing,
    });
  });

  it.each([failure(137), new Error('no git')])('is not called missing for %s', async (error) => {
    await expect(requireLfs(gitOf(error).git)).rejects.toBe(error);
  });

  it('fetches the objects of a commit from the configured host, again after what may pass', async () => {
    const { git, asked } = gitOf(failure(2, 'batch response: Fatal error: Server error x from HTTP 503'));
    const repo = { gitDir: '/repo' };
    await fetchLfs(git, repo, remote, 'commit');
    const call = ['lfs fetch origin commit', { repo, remote, config: lfsConfig(git, remote) }];
    expect(asked).toEqual([call, call]);
  });

  it('takes content from the host alone, whatever the repository says', () => {
    const { git } = gitOf();
    expect(Object.fromEntries(lfsConfig(git, remote))).toEqual({
      'filter.lfs.process': 'git-lfs filter-process',
      'filter.lfs.smudge': 'git-lfs smudge -- %f',
      'filter.lfs.clean': 'git-lfs clean -- %f',
      'filter.lfs.required': 'true',
      'lfs.storage': '/home/lfs',
      'lfs.transfer.maxretries': '2',
      'lfs.url': 'https://git.example.com/acme/app.git/info/lfs',
      'remote.origin.url': 'https://git.example.com/acme/app.git',
    });
    const ssh = { ...remote, protocol: 'ssh', url: 'ssh://git@x/acme/app.git' };
    expect(Object.fromEntries(lfsConfig(git, ssh))).toMatchObject({ 'lfs.url': 'ssh://git@x/acme/app.git' });
  });
});
