import { mkdirSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

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
  // A collection in the background would outlive the host.
  'gc.autoDetach': 'false',
  'maintenance.autoDetach': 'false',
};

function settings(): Record<string, string> {
  const all = Object.entries(SETTINGS);
  const each = all.flatMap(([name, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, name],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(all.length), ...Object.fromEntries(each) };
}

// A push of 2,048 commits that each touch many files.
const MAX_OUTPUT = 512 * 1024 * 1024;

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
    ...settings(),
  };
  const execute = (
    cwd: string,
    args: readonly string[],
    options: { input?: string; reject?: boolean } = {},
  ) =>
    execa('git', args, {
      cwd,
      env: environment,
      extendEnv: false,
      maxBuffer: MAX_OUTPUT,
      ...(options.input === undefined ? { stdin: 'ignore' as const } : {}),
      ...options,
    });
  let backend: Promise<string> | undefined;
  return {
    environment,
    run: async (folder, ...args) => (await execute(folder, args)).stdout,
    feed: async (folder, lines, ...args) =>
      (await execute(folder, args, { input: `${lines.join('\n')}\n` })).stdout,
    find: async (folder, ...args) => {
      const { exitCode, stdout } = await execute(folder, args, { reject: false });
      return exitCode === 0 ? stdout : undefined;
    },
    backend: () => {
      backend ??= execute(home, ['--exec-path']).then(({ stdout }) => join(stdout, 'git-http-backend'));
      return backend;
    },
  };
}
