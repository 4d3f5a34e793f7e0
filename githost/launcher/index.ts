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
  end.catch((error: unknown) => {
    // Before the exit of a killed helper is told, its socket says so.
    if (error instanceof Error && 'code' in error && HELPER_GONE.has(error.code)) address = undefined;
    stdout.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return { stdin, stdout, end, stop: () => void stop(path).catch(() => undefined) };
}

const HELPER_GONE = new Set<unknown>(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE']);

let count = 0;

async function run(program: Program, path: string, stdin: Readable, stdout: Writable): Promise<End> {
  const headers = { program: Buffer.from(JSON.stringify(program)).toString('base64') };
  const request = await ask({ method: 'POST', path, headers });
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
  const request = await ask({ method: 'DELETE', path });
  const [response] = (await once(request.end(), 'response')) as [IncomingMessage];
  response.resume();
}

// A connection that stays open takes the rest of an input that its program has not read.
const agent = new Agent({ keepAlive: true });

// An environment and the last words of a program stand in headers.
const MAX_HEADER = 1024 * 1024;

async function ask(options: RequestOptions) {
  return httpRequest({ ...options, socketPath: await helper(), agent, maxHeaderSize: MAX_HEADER });
}

let address: Promise<string> | undefined;

/** The socket of the helper, one for all git hosts of this process. The helper ends when this process does. */
function helper(): Promise<string> {
  address ??= startHelper().catch((error: unknown) => {
    address = undefined;
    throw error;
  });
  return address;
}

async function startHelper(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-git-'));
  const socket = join(folder, 'socket');
  const program = fileURLToPath(new URL('./helper.mjs', import.meta.url));
  // In a group of its own: Ctrl-C is for this process, which lets git finish what it is at.
  const child = spawn(process.execPath, [program, socket, String(MAX_HEADER)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    env: {},
  });
  child.once('exit', () => {
    address = undefined;
    rmSync(folder, { recursive: true, force: true });
  });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('the helper that starts git ended at once: is Node able to start programs?');
    }),
  ]);
  child.unref();
  for (const stream of [child.stdin, child.stdout]) if ('unref' in stream) (stream as Socket).unref();
  return socket;
}
