import { AwsError } from '../../../core/aws-error.ts';

/**
 * Takes the `aws-chunked` encoding off a body: chunks with their sizes in front, and headers behind the last one.
 * @param trailers is filled with what came behind the body, by lower-case name
 * @param expected how many bytes there are without the encoding; NaN where the request does not say
 * @throws IncompleteBody
 */
export async function* decodeChunked(
  body: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
  expected: number,
): AsyncGenerator<Buffer> {
  const reader = new Reader(body);
  let total = 0;
  for (;;) {
    const [, digits] = CHUNK.exec(await reader.line()) ?? [];
    if (digits === undefined) throw incomplete();
    const size = Number.parseInt(digits, 16);
    if (size === 0) break;
    total += size;
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw incomplete();
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const [name = '', value = ''] = line.split(/:(.*)/s);
    trailers.set(name.trim().toLowerCase(), value.trim());
  }
  if (!Number.isNaN(expected) && total !== expected)
    throw new AwsError(
      'IncompleteBody',
      `${total} bytes came, of the ${expected} that the request says it has`,
    );
}

// The size in hexadecimal, and in a signed body the chunk's signature, which is not verified.
const CHUNK = /^([0-9a-f]{1,13})(?:;.*)?$/i;

// A size with its signature has under 200 bytes, a trailer little more.
const MAX_LINE_BYTES = 16 * 1024;

const incomplete = (): AwsError =>
  new AwsError('IncompleteBody', 'the body is not in the aws-chunked encoding: send it again');

/** Lines and counted bytes from one stream. */
class Reader {
  private readonly source: AsyncIterator<Buffer>;
  private buffer: Buffer = Buffer.alloc(0);
  private ended = false;

  constructor(body: AsyncIterable<Buffer>) {
    this.source = body[Symbol.asyncIterator]();
  }

  /** the next line without its end; `""` at the end of the stream */
  async line(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf('\r\n');
      if (end >= 0) return this.take(end, 2).toString('latin1');
      if (this.buffer.length > MAX_LINE_BYTES) throw incomplete();
      if (!(await this.more())) return this.take(this.buffer.length, 0).toString('latin1');
    }
  }

  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.buffer.length === 0 && !(await this.more())) throw incomplete();
      const chunk = this.take(Math.min(left, this.buffer.length), 0);
      left -= chunk.length;
      yield chunk;
    }
  }

  private take(count: number, skip: number): Buffer {
    const taken = this.buffer.subarray(0, count);
    this.buffer = this.buffer.subarray(count + skip);
    return taken;
  }

  private async more(): Promise<boolean> {
    if (this.ended) return false;
    const { value, done } = await this.source.next();
    this.ended = done === true;
    if (!done) this.buffer = this.buffer.length === 0 ? value : Buffer.concat([this.buffer, value]);
    return !this.ended;
  }
}
