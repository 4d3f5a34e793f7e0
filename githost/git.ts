import { mkdirSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type End, launch } from './launcher/index.ts';
import { writeHook } from './pulls/hook.ts';

/** git with the host's settings, and without anybody's own configuration. */
export interface Git {
  readonly environment: Readonly<Record<string, string>>;
  /** runs git and gives its output, without the last line end */
  run(folder: string, ...args: string[]): Promise<string>;
  /** `run`, or undefined when the command failed */
  find(folder: string, ...args: string[]): Promise<string | undefined>;
  /** `run` with lines for its standard input */
  feed(folder: string, lines: readonly string[], ...args: string[]): Promise<string>;
  /** the path of `git http-backend` */
  backend(): Promise<string>;
}

// The settings of every repository of the host; no repository has a file of them.
const SETTINGS = {
  // The state folder may be a volume that belongs to another user.
  'safe.directory': '*',
  'http.receivepack': 'true',
  'uploadpack.allowAnySHA1InWant': 'true',
  'uploadpack.allowReachableSHA1InWant': 'true',
  'uploadpack.allowFilter': 'true',
  // The host alone moves the refs of pull requests.
  'receive.hideRefs': 'refs/pull',
  // A collection in the background would outlive the host.
  'gc.autoDetach': 'false',
  'maintenance.autoDetach': 'false',
};

function settings(hooks: string): Record<string, string> {
  const all = Object.entries({ ...SETTINGS, 'core.hooksPath': hooks });
  const each = all.flatMap(([name, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, name],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(all.length), ...Object.fromEntries(each) };
}

/** @param home an empty folder, git's HOME */
export function createGit(home: string): Git {
  mkdirSync(home, { recursive: true });
  const environment = {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
    ...settings(writeHook(join(home, 'hooks'))),
  };
  const execute = async (
    cwd: string,
    args: readonly string[],
    input = '',
  ): Promise<End & { stdout: string }> => {
    const { stdin, stdout, end } = launch({ file: 'git', args, env: environment, cwd });
    stdin.end(input);
    const output = await text(stdout);
    return { ...(await end), stdout: output.replace(/\r?\n$/, '') };
  };
  const run = async (...given: Parameters<typeof execute>): Promise<string> => {
    const { status, stdout, stderr } = await execute(...given);
    if (status === 0) return stdout;
    throw new Error(`git ${given[1].join(' ')} ended with status ${status}: ${stderr.trim()}`);
  };
  let backend: Promise<string> | undefined;
  return {
    environment,
    run: (folder, ...args) => run(folder, args),
    feed: (folder, lines, ...args) => run(folder, args, `${lines.join('\n')}\n`),
    find: async (folder, ...args) => {
      const { status, stdout } = await execute(folder, args);
      return status === 0 ? stdout : undefined;
    },
    backend: () => {
      backend ??= run(home, ['--exec-path']).then(
        (path) => join(path, 'git-http-backend'),
        (error: unknown) => {
          // Whoever starts git may have been killed, and the next call has another.
          backend = undefined;
          throw error;
        },
      );
      return backend;
    },
  };
}
