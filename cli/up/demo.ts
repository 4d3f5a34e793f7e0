import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** The repository that `hookline up` pushes to itself; events/rules/demo.yaml matches it. */
export const DEMO_REPOSITORY = 'hookline/demo';

/** The branch that the demo's commit is pushed to. */
export const DEMO_BRANCH = 'main';

const files: Readonly<Record<string, string>> = {
  'README.md': '# A demo\n\nEvery push to this repository becomes an artifact and a pipeline run.\n',
  'buildspec.yml': `version: 0.2
phases:
  build:
    commands:
      - echo "building commit $CODEBUILD_RESOLVED_SOURCE_VERSION"
      - bash build.sh
artifacts:
  files: ['greeting.txt']
`,
  'build.sh': 'echo "Hello from a push" | tee greeting.txt\n',
};

/**
 * Pushes one commit to the demo repository, as a user would.
 * @param url the clone URL, with the credential in it
 * @param folder where the work tree may stand; removed afterwards
 * @returns the commit's sha
 */
export async function pushDemo(url: string, folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { username, password, ...target } = credentialOf(url);
  const git = gitIn(folder, { username, password });
  await git('init', '--quiet', `--initial-branch=${DEMO_BRANCH}`);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'Say hello');
  const { stdout } = await git('rev-parse', 'HEAD');
  await git('push', '--quiet', target.url, `HEAD:refs/heads/${DEMO_BRANCH}`);
  await rm(folder, { recursive: true, force: true });
  return stdout;
}

interface Credential {
  readonly username: string;
  readonly password: string;
}

function credentialOf(address: string): Credential & { readonly url: string } {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  return { url: url.href, username, password };
}

/** git without the user's own configuration, so that the demo works on a machine that has none. The credential is in the environment: every process may read arguments. */
function gitIn(
  cwd: string,
  { username, password }: Credential,
): (...args: string[]) => Promise<{ stdout: string }> {
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const env = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Hookline',
    GIT_AUTHOR_EMAIL: 'demo@hookline.invalid',
    GIT_COMMITTER_NAME: 'Hookline',
    GIT_COMMITTER_EMAIL: 'demo@hookline.invalid',
  };
  return (...args) => execa('git', args, { cwd, env });
}
