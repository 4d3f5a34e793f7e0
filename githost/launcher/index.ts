import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** the program's whole environment */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const endSchema = z.object({ status: z.number(), stderr: z.string() });

/** How a program ended: its exit status as a shell has it, and its last words. */
export type End = z.infer<typeof endSchema>;

export interface Launched {
  readonly stdin: Writable;
  /** has ended when the program has */
  readonly stdout: Readable;
  readonly end: Promise<End>;
  /** SIGTERM; `end` tells when the program is gone */
  stop(): void;
}

/**
 * Starts a program from a small process. A fork copies the page tables of whoever forks, and blocks its event loop
 * meanwhile: where Hookline runs with 400 MB, each git of a push would cost it tens of milliseconds.
 */
export function launch(program: Program): Launched {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const path = `/${++count}`;
  const end = run(program, path, stdin, stdout);
  end.catch((error: unknown) => stdout.destroy(error instanceof Error ? error : new Error(String(error))));
  return { stdin, stdout, end, stop: () => void stop(path).catch(() => undefined) };
}

const HELPER_GONE = new Set<unknown>(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE']);

let count = 0;

/** @throws when the helper is killed, once the programs that it had started have ended too */
async function run(program: Program, path: string, stdin: Readable, stdout: Writable): Promise<End> {
  const by = await helper();
  try {
    return await runBy(by, program, path, stdin, stdout);
  } catch (error) {
    if (error instanceof Error && 'code' in error && HELPER_GONE.has(error.code)) await by.end();
    throw error;
  }
}

async function runBy(
  by: Helper,
  program: Program,
  path: string,
  stdin: Readable,
  stdout: Writable,
): Promise<End> {
  const headers = { program: Buffer.from(JSON.stringify(program)).toString('base64') };
  const request = ask(by, { method: 'POST', path, headers });
  // The program starts before its input comes.
  request.flushHeaders();
  // The program may leave before it has read everything: how it ended says whether that was an error.
  void pipeline(stdin, request).catch(() => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await pipeline(response, stdout);
  const { ended = '' } = response.trailers;
  return endSchema.parse(JSON.parse(Buffer.from(ended, 'base64').toString()));
}

async function stop(path: string): Promise<void> {
  const request = ask(await helper(), { method: 'DELETE', path });
  const [response] = (await once(request.end(), 'response')) as [IncomingMessage];
  response.resume();
}

// A connection that stays open takes the rest of an input that its program has not read.
const agent = new Agent({ keepAlive: true });

// An environment and the last words of a program stand in headers.
const MAX_HEADER = 1024 * 1024;

const ask = ({ socket }: Helper, options: RequestOptions) =>
  httpRequest({ ...options, socketPath: socket, agent, maxHeaderSize: MAX_HEADER });

interface Helper {
  readonly socket: string;
  /** ends it, if it runs still, and resolves when the programs have ended that it had started */
  end(): Promise<void>;
}

let current: Promise<Helper> | undefined;

/** The helper, one for all git hosts of this process. It ends when this process does. */
function helper(): Promise<Helper> {
  current ??= startHelper().catch((error: unknown) => {
    current = undefined;
    throw error;
  });
  return current;
}

async function startHelper(): Promise<Helper> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-git-'));
  const socket = join(folder, 'socket');
  const program = fileURLToPath(new URL('./helper.mjs', import.meta.url));
  // In a group of its own: Ctrl-C is for this process, which lets git finish what it is at.
  const child = spawn(process.execPath, [program, socket, String(MAX_HEADER)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    env: {},
  });
  let isCurrent = true;
  const leave = (): void => {
    if (isCurrent) current = undefined;
    isCurrent = false;
  };
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      leave();
      rmSync(folder, { recursive: true, force: true });
      resolve(endGroup(child.pid ?? 0));
    });
  });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('the helper that starts git ended at once: is Node able to start programs?');
    }),
  ]);
  child.unref();
  for (const stream of [child.stdin, child.stdout]) if ('unref' in stream) (stream as Socket).unref();
  const end = async (): Promise<void> => {
    // Before the exit of a killed helper is told, its socket says so.
    leave();
    child.kill('SIGKILL');
    await gone;
  };
  return { socket, end };
}

const LOOK_MS = 20;
// A system where nobody fetches the end of a process whose parent is gone has its group for ever.
const LOOKS = 500;

/** Ends what a helper has left behind: a git that went on would move refs when nobody looks any more. */
async function endGroup(group: number): Promise<void> {
  try {
    for (let looks = 0; looks < LOOKS; looks++) {
      process.kill(-group, 'SIGTERM');
      await wait(LOOK_MS);
    }
  } catch {
    // Nobody is left.
  }
}
