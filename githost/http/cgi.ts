import { PassThrough, type Readable } from 'node:stream';
import { type End, launch } from '../launcher/index.ts';

/** The answer of a CGI program; `body` stays open until its owner ends it. */
interface CgiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: PassThrough;
}

export interface CgiRun {
  readonly answer: Promise<CgiAnswer>;
  /** resolves when the program and its streams have ended */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Starts a CGI program. The request and the answer are streamed, and not held in memory. */
export function runCgi(file: string, env: Record<string, string>, input: Readable | undefined): CgiRun {
  const { stdin, stdout, end, stop } = launch({ file, args: [], env });
  // A client that leaves ends the input: git then says what it lacks, and has its say to the end.
  // One that has left while its request waited for its turn says so no more.
  if (input && !input.closed) input.once('close', () => stdin.end()).pipe(stdin);
  else stdin.end();
  const ended = end.then(() => undefined);
  // The failure reaches the caller by `answer`; an unhandled rejection of `ended` must not end the process.
  ended.catch(() => undefined);
  return { answer: readAnswer(stdout, end), ended, stop };
}

async function readAnswer(stdout: Readable, end: Promise<End>): Promise<CgiAnswer> {
  const { head, rest } = await readHead(stdout);
  if (head === undefined) {
    const { stderr } = await end;
    throw new Error(`git http-backend ended without an answer: ${stderr.trim() || 'git gave no reason'}`);
  }
  const body = new PassThrough();
  body.write(rest);
  stdout.pipe(body, { end: false });
  // After the client has left, git still finishes its work.
  body.once('close', () => stdout.resume());
  return { ...parseHead(head), body };
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

function parseHead(head: string): Omit<CgiAnswer, 'body'> {
  const fields = head.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const { status = '200', ...headers } = Object.fromEntries(fields);
  return { status: Number.parseInt(status, 10), headers };
}
