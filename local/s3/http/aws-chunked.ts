import { AwsError } from '../../aws-error.ts';

/**
 * Takes the `aws-chunked` encoding off a body: chunks with their sizes in front, and headers behind the last one.
 * @param trailers is filled with what came behind the body, by lower-case name
 * @throws IncompleteBody
 */
export async function* decodeChunked(
  body: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new Reader(body);
  for (;;) {
    const size = Number.parseInt((await reader.line()).split(';')[0] ?? '', 16);
    if (Number.isNaN(size)) throw incomplete();
    if (size === 0) break;
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw incomplete();
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const [name = '', value = ''] = line.split(/:(.*)/s);
    trailers.set(name.trim().toLowerCase(), value.trim());
  }
}

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
