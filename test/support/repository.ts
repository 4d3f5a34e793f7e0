import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** A work tree to push from, with git's own defaults and nobody's configuration. */
export interface Repository {
  readonly folder: string;
  git(...args: string[]): Promise<string>;
  /** writes files (an executable when its name ends in .sh) and commits them; the new commit's sha */
  commit(files: Readonly<Record<string, string>>, message?: string): Promise<string>;
  /** `git archive` of a commit with the same options as the pull's */
  archive(commit: string): Promise<Buffer>;
  remove(): Promise<void>;
}

export async function createRepository(): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-repo-'));
  const run = (...args: string[]) => execa('git', args, { cwd: folder, env: gitEnvironment });
  const git = async (...args: string[]) => (await run(...args)).stdout;
  await git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    git,
    commit: async (files, message = 'Change') => {
      for (const [name, text] of Object.entries(files)) await put(join(folder, name), text);
      const { stdout } = await execa('sh', ['-c', COMMIT, 'sh', message], {
        cwd: folder,
        env: gitEnvironment,
      });
      return stdout;
    },
    archive: async (commit) => {
      const { stdout } = await execa('git', ['archive', '--format=zip', '-1', commit], {
        cwd: folder,
        encoding: 'buffer',
        env: gitEnvironment,
      });
      return Buffer.from(stdout);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

// One program to start instead of three.
const COMMIT = 'git add --all && git commit --quiet --allow-empty -m "$1" && git rev-parse HEAD';

const gitEnvironment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  if (path.endsWith('.sh')) await chmod(path, 0o755);
}
