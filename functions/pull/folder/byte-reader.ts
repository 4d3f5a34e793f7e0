/** Reads a stream in pieces of the length that is asked for. A stream that ends before throws. */
export class ByteReader {
  private readonly source: AsyncIterator<Buffer>;
  private held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.source = stream[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.chunks(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  async *chunks(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (this.held.length === 0 && !(await this.more()))
        throw new Error(`${left} bytes are missing at the end`);
      const part = this.held.subarray(0, left);
      this.held = this.held.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  async skip(length: number): Promise<void> {
    for await (const _ of this.chunks(length));
  }

  /** Reads what is left, as a stream that has ended well says so at its end. */
  async skipRest(): Promise<void> {
    while (await this.more());
  }

  /** Ends the stream, also one that is not read to its end. */
  async close(): Promise<void> {
    await this.source.return?.();
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.source.next();
    if (done) return false;
    this.held = value;
    return true;
  }
}
