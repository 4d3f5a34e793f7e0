import { createHash } from 'node:crypto';
import { dosTime, timestampField } from '../zip/time.ts';
import type { Directory, SourceEntry, ZipSource } from './zip-source.ts';

/** A zip and its directory. */
export interface OpenZip {
  readonly source: ZipSource;
  readonly directory: Directory;
}

/** What is read and written at once: small pieces cost more than their bytes. */
export const PIECE = 2 ** 18;

/** The entries of one zip, read from its beginning to its end. */
export class EntryReader {
  private readonly stream: AsyncIterator<Buffer>;
  private readonly hash = createHash('sha256');
  private readonly directory: Directory;
  private readonly end: number;
  private held: Buffer = Buffer.alloc(0);
  /** the offset of what is held */
  private at = 0;

  constructor({ source, directory }: OpenZip) {
    this.directory = directory;
    this.end = source.size - directory.tail.length;
    this.stream = source.read(0, this.end)[Symbol.asyncIterator]();
  }

  /** An entry with its local header, which gets the new time. */
  async *read(entry: SourceEntry, time: number): AsyncGenerator<Buffer> {
    await this.hold(entry.start, Math.min(entry.end - entry.start, PIECE));
    const nameEnd = 30 + this.held.readUInt16LE(26);
    const header = this.take(nameEnd + this.held.readUInt16LE(28));
    yield withTime(header, 10, nameEnd, time);
    while (this.at < entry.end) {
      const length = Math.min(entry.end - this.at, PIECE);
      await this.hold(this.at, length);
      yield this.take(length);
    }
  }

  /** Of all bytes of the zip. */
  async sha256(): Promise<string> {
    await this.hold(this.end, 0);
    return this.hash.update(this.directory.tail).digest('hex');
  }

  async close(): Promise<void> {
    await this.stream.return?.();
  }

  /** Passes over what is before `offset`, and holds so many bytes from there. */
  private async hold(offset: number, length: number): Promise<void> {
    while (this.at + this.held.length < offset) {
      this.at += this.held.length;
      this.held = await this.next();
    }
    this.take(offset - this.at);
    if (this.held.length >= length) return;
    const parts = [this.held];
    for (let has = this.held.length; has < Math.max(length, PIECE) && this.at + has < this.end; ) {
      const part = await this.next();
      parts.push(part);
      has += part.length;
    }
    this.held = Buffer.concat(parts);
    if (this.held.length < length) throw new Error('the zip ends before its directory says so');
  }

  private take(length: number): Buffer {
    const taken = this.held.subarray(0, length);
    this.held = this.held.subarray(length);
    this.at += length;
    return taken;
  }

  private async next(): Promise<Buffer> {
    const { done, value } = await this.stream.next();
    if (done) throw new Error('the zip ends before its directory says so');
    this.hash.update(value);
    return value;
  }
}

/** A copy of a header with its two times: one in the header, the other in the extra field, which stands first there. */
export function withTime(header: Buffer, clock: number, extra: number, time: number): Buffer {
  const field = timestampField(time);
  if (!header.subarray(extra, extra + 5).equals(field.subarray(0, 5)))
    throw new Error('an entry has another extra field than the time');
  const changed = Buffer.from(header);
  changed.writeUInt32LE(dosTime(time), clock);
  field.copy(changed, extra);
  return changed;
}
