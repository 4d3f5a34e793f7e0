import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type CheckResult, failed, notChecked, ok } from '../../operate/doctor/finding.ts';

// The same as "engines" in package.json.
const NODE = [20, 19] as const;

/** Checks that this Node can run all of Hookline. */
export function checkNode(version = process.version): CheckResult {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return ok(version);
  return failed(`${version} is too old`, `install Node ${NODE.join('.')} or later`);
}

// Every git knows this object: the empty tree.
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const GIT_ADVICE = 'install git 2.31 or later, with its http-backend';

/** Checks that git can serve a pull and the built-in host. A deployed pull runs the git of its build image. */
export async function checkGit(local: boolean): Promise<CheckResult> {
  if (!local) return notChecked('a deployed pull runs the git of its build image');
  const folder = await mkdtemp(join(tmpdir(), 'hookline-git-'));
  // Settings in the environment keep secrets out of git's arguments.
  const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'hookline.probe', GIT_CONFIG_VALUE_0: 'yes' };
  const git = async (...args: string[]): Promise<string> =>
    (await execa('git', args, { cwd: folder, env })).stdout;
  try {
    const version = (await git('--version')).replace('git version ', '');
    await git('init', '--quiet', '--bare', '--object-format=sha256', 'sha256.git');
    await git('init', '--quiet', '--bare', '--object-format=sha1');
    await git('hash-object', '-t', 'tree', '-w', '/dev/null');
    await git('archive', '--format=zip', '-1', '--end-of-options', EMPTY_TREE);
    if ((await git('config', '--get', 'hookline.probe')) !== 'yes')
      throw new Error('git takes no settings from the environment');
    return ok(`${version} makes archives, and takes its settings from the environment`);
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return failed(message, GIT_ADVICE);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
