import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Buildspec } from './buildspec.ts';
import { linesOf } from './lines.ts';
import { endGroup, killGroup } from './process-group.ts';

type Environment = Readonly<Record<string, string>>;

export interface ShellOptions {
  readonly program: Buildspec['env']['shell'];
  /** an existing folder for the shell's own files, outside of the source */
  readonly folder: string;
  readonly cwd: string;
  readonly environment: Environment;
  /** takes a line of output; the shell waits for it when it falls behind */
  readonly output: (line: string) => Promise<void>;
}

/** One shell that runs a build's commands, one after the other: they share its folder and its variables. */
export interface Shell {
  /** @returns the exit status */
  run(command: string): Promise<number>;
  /** what the commands have exported by now */
  environment(): Promise<Environment>;
  /** ends the shell and every process that it has started, with time to clean up */
  stop(): Promise<void>;
  /** ends the shell and every process that it has started, at once */
  close(): Promise<void>;
}

interface Session {
  readonly child: ChildProcess;
  readonly ended: Promise<number>;
  /** the status of the command that runs, told by the shell */
  status: ((status: number) => void) | undefined;
  stopping: boolean;
}

/** Begins at the first command. A command that leaves the shell (`exit`) ends it; the next one begins in a new one. */
export function openShell(options: ShellOptions): Shell {
  const { folder } = options;
  const script = join(folder, 'script.sh');
  let session: Session | undefined;
  let state = { cwd: options.cwd, environment: options.environment };
  let stopped = false;
  const refresh = async (): Promise<void> => {
    const environment = await readFile(join(folder, 'environment'), 'utf8').catch(() => undefined);
    const cwd = await readFile(join(folder, 'directory'), 'utf8').catch(() => state.cwd);
    if (environment !== undefined) state = { cwd, environment: parsed(environment) };
  };
  const run = async (command: string): Promise<number> => {
    await writeFile(script, `${command}\n`);
    session ??= await begin({ ...options, ...state });
    const current = session;
    if (stopped) killGroup(groupOf(current));
    const told = new Promise<number>((resolve) => {
      current.status = resolve;
    });
    request(current).write('\n');
    const status = await Promise.race([told, current.ended.then(() => undefined)]);
    if (status !== undefined) return status;
    session = undefined;
    await refresh();
    return current.ended;
  };
  const close = async (end: (group: number) => Promise<void> | void): Promise<void> => {
    stopped = true;
    if (!session) return;
    const { ended } = session;
    session.stopping = true;
    await end(groupOf(session));
    await ended;
  };
  return {
    run: (command) => (stopped ? Promise.reject(new Error('the shell has been closed')) : run(command)),
    environment: async () => {
      await refresh();
      return state.environment;
    },
    stop: () => close(endGroup),
    close: () => close(killGroup),
  };
}

async function begin(options: ShellOptions): Promise<Session> {
  const { program, folder, cwd, environment, output } = options;
  // Random, so that no command's output can be taken for the mark.
  const mark = randomBytes(16).toString('hex');
  const driver = join(folder, 'driver.sh');
  await writeFile(driver, driverOf(folder, mark));
  const child = spawn(program, [driver], {
    cwd,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  await once(child, 'spawn');
  const { stdout } = child;
  if (!stdout) throw new Error(`${program} began without an output`);
  const ended = once(child, 'exit').then(async ([code, signal]) => {
    // Processes that the shell has left in the background hold the output open. A shell that is being stopped has time to clean up.
    if (!session.stopping) killGroup(groupOf(session));
    await read;
    return typeof code === 'number' ? code : 128 + (signal === 'SIGKILL' ? 9 : 15);
  });
  const session: Session = { child, ended, status: undefined, stopping: false };
  const read = consume(stdout, mark, output, session);
  request(session).on('error', () => undefined);
  return session;
}

async function consume(
  stdout: Readable,
  mark: string,
  output: (line: string) => Promise<void>,
  session: Session,
): Promise<void> {
  for await (const line of linesOf(stdout)) {
    const [text = '', status] = line.split(`\0${mark} `);
    if (text !== '' || status === undefined) await output(text);
    if (status !== undefined) session.status?.(Number(status));
  }
}

function groupOf({ child }: Session): number {
  // A group has its leader's number; none is given to a child that could not begin, and a session has begun.
  if (child.pid === undefined) throw new Error('the shell has no process');
  return child.pid;
}

function request({ child }: Session): Writable {
  // The fourth stream is the pipe that the shell reads from.
  return child.stdio[3] as Writable;
}

/**
 * A line on the pipe asks for the script; the answer goes into the output, so that it comes after all of it. The
 * commands see neither stream. What they export is written down for whoever asks, and for the next shell.
 */
function driverOf(folder: string, mark: string): string {
  const path = (name: string): string => `'${join(folder, name).replaceAll("'", "'\\''")}'`;
  return `exec 2>&1 8<&3 9>&1 3<&-
while { read -r _; } <&8 2>/dev/null; do
  . ${path('script.sh')} 8<&- 9>&-
  { _codebuild_status=$?; printf %s "$PWD" >${path('directory')}; /usr/bin/env -0 >${path('environment')}; printf '\\000${mark} %s\\n' "$_codebuild_status" >&9; } 2>/dev/null
done
`;
}

// Variables that a shell sets for itself.
const SHELL_VARIABLES = ['_', 'SHLVL', 'PWD', 'OLDPWD', '_codebuild_status'];

function parsed(text: string): Environment {
  const pairs = text
    .split('\0')
    .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  return Object.fromEntries(pairs.filter(([name]) => name !== '' && !SHELL_VARIABLES.includes(name)));
}
