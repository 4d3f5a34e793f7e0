import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The answer of a CGI program; `body` stays open until its owner ends it. */
interface CgiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: PassThrough;
  /** resolves when the program and its streams have ended */
  readonly ended: Promise<void>;
}

export interface CgiRun {
  readonly answer: Promise<CgiAnswer>;
  readonly ended: Promise<void>;
  stop(): void;
}

const MAX_STDERR = 16 * 1024;

/** Starts a CGI program. The request and the answer are streamed, and not held in memory. */
export function runCgi(program: string, env: Record<string, string>, input: Readable | undefined): CgiRun {
  const child = spawn(program, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close').then(() => undefined);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-MAX_STDERR);
  });
  // A program that has read enough closes its input, and a client may leave: neither is an error of the host.
  if (input) void pipeline(input, child.stdin).catch(() => undefined);
  else child.stdin.end();
  const answer = readAnswer(child.stdout, ended, () => stderr.trim());
  // The failure reaches the caller by `answer`; an unhandled rejection of `ended` must not end the process.
  ended.catch(() => undefined);
  return { answer, ended, stop: () => void child.kill('SIGTERM') };
}

async function readAnswer(stdout: Readable, ended: Promise<void>, stderr: () => string): Promise<CgiAnswer> {
  const { head, rest } = await readHead(stdout);
  if (head === undefined) {
    await ended;
    throw new Error(`git http-backend ended without an answer: ${stderr() || 'git gave no reason'}`);
  }
  const body = new PassThrough();
  body.write(rest);
  stdout.pipe(body, { end: false });
  // After the client has left, git still finishes its work.
  body.once('close', () => stdout.resume());
  return { ...parseHead(head), body, ended };
}

async function readHead(stdout: Readable): Promise<{ head: string | undefined; rest: Buffer }> {
  let read = Buffer.alloc(0);
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    read = Buffer.concat([read, Buffer.from(chunk)]);
    const end = read.indexOf('\r\n\r\n');
    if (end >= 0) return { head: read.toString('latin1', 0, end), rest: read.subarray(end + 4) };
  }
  return { head: undefined, rest: read };
}

function parseHead(head: string): Pick<CgiAnswer, 'status' | 'headers'> {
  const fields = head.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const { status = '200', ...headers } = Object.fromEntries(fields);
  return { status: Number.parseInt(status, 10), headers };
}
