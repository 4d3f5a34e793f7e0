import { Readable } from 'node:stream';
import { main } from '../../../cli/main.ts';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface RunOptions {
  readonly cwd: string;
  readonly input?: string | undefined;
  /** variables of the environment, besides those of this process */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `hookline` in this process, which has loaded it already: with the streams, the folder and the exit code of a
 * process of its own. One at a time, as there is one of each.
 */
export function runInProcess(args: readonly string[], options: RunOptions): Promise<Ran> {
  const ran = last.then(() => run(args, options));
  last = ran.catch(() => {});
  return ran;
}

async function run(args: readonly string[], { cwd, input = '', env = {} }: RunOptions): Promise<Ran> {
  const [exitCode, folder, { stdin }] = [process.exitCode, process.cwd(), process];
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  process.exitCode = 0;
  process.chdir(cwd);
  Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true });
  try {
    await main(['node', 'hookline', ...args]);
    return { stdout: stdout.text(), stderr: stderr.text(), exitCode: Number(process.exitCode) };
  } finally {
    for (const { restore } of [stdout, stderr]) restore();
    Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
    process.chdir(folder);
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    process.exitCode = exitCode;
  }
}

function captured(stream: NodeJS.WriteStream) {
  const { write } = stream;
  let text = '';
  stream.write = (chunk: string | Uint8Array) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  return {
    // Without the last end of a line, as a shell gives it.
    text: () => text.replace(/\n$/, ''),
    restore: () => {
      stream.write = write;
    },
  };
}
