import { once } from 'node:events';
import { connect } from 'node:net';

/** A request as its bytes, which no client of HTTP would write so. */
export interface RawRequest {
  readonly method: string;
  /** as it stands in the request line */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly chunked: boolean;
}

/** Sends it on a connection of its own. @returns what came back; `''` for nothing, or what has no end */
export async function rawAnswer(port: number, request: RawRequest): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  // The other side may answer and leave before it has read everything.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytesOf(port, request));
  // What is never answered is a finding, and is to be told with its request.
  const late = setTimeout(() => {
    chunks.length = 0;
    socket.destroy();
  }, PATIENCE_MS);
  await once(socket, 'close');
  clearTimeout(late);
  return Buffer.concat(chunks).toString('latin1');
}

const PATIENCE_MS = 60_000;

function bytesOf(port: number, { method, path, headers, body, chunked }: RawRequest): Buffer {
  const length = chunked ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(body.length)];
  const all = [['Host', `127.0.0.1:${port}`], ['Connection', 'close'], length, ...headers];
  const lines = all.map(([name, value]) => `${name}: ${value}`);
  const head = Buffer.from(`${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
  return Buffer.concat([head, chunked ? inChunks(body) : body]);
}

const CHUNK = 997;

function inChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += CHUNK) {
    const chunk = body.subarray(at, at + CHUNK);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
