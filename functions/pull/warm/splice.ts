import { createHash } from 'node:crypto';
import { endRecords } from '../zip/records.ts';
import { dosTime, timestampField } from '../zip/time.ts';
import type { Directory, SourceEntry, ZipSource } from './zip-source.ts';

/** A zip and its directory. */
export interface OpenZip {
  readonly source: ZipSource;
  readonly directory: Directory;
}

export interface Splice {
  /** the earlier artifact, and the SHA-256 of its bytes */
  readonly earlier: OpenZip & { readonly sha256: string };
  /** the files that have changed, as `git archive` writes them */
  readonly changed: OpenZip;
  /** the paths that are not taken from the earlier one, as latin1 */
  readonly isChanged: (path: string) => boolean;
  /** the new commit, and its time in epoch seconds */
  readonly commit: string;
  readonly time: number;
}

/**
 * The zip that `git archive` would make of the new commit: entries of the earlier artifact with the new time, and those that
 * have changed. Nothing is deflated again. Throws at its end when the earlier artifact was not the one that it should be.
 */
export function splice(parts: Splice): AsyncGenerator<Buffer> {
  return gathered(spliced(parts));
}

async function* spliced({ earlier, changed, isChanged, commit, time }: Splice): AsyncGenerator<Buffer> {
  const chosen = chosenEntries(earlier.directory, changed.directory, isChanged);
  if (earlier.source.size + changed.source.size >= 0xffffffff)
    throw new Error('the zip might have more than 4 GiB');
  const old = new Blocks(earlier);
  const fresh = new Blocks(changed);
  const records: Buffer[] = [];
  let offset = 0;
  try {
    for (const { entry, isNew } of chosen) {
      const start = offset;
      for await (const chunk of (isNew ? fresh : old).read(entry, time)) {
        offset += chunk.length;
        yield chunk;
      }
      records.push(directoryRecord(entry, start, time));
    }
    if ((await old.sha256()) !== earlier.sha256) throw new Error('the earlier artifact is not what it was');
    const bytes = records.reduce((sum, { length }) => sum + length, 0);
    yield* records;
    const creator = records.reduce((most, record) => Math.max(most, record.readUInt16LE(4)), 0);
    yield endRecords({ count: records.length, bytes, offset }, commit, creator);
  } finally {
    await Promise.all([old.close(), fresh.close()]);
  }
}

interface Chosen {
  readonly entry: SourceEntry;
  readonly isNew: boolean;
}

/** The new zip's entries in git's order: by the bytes of their names, with the folders that hold something. */
function chosenEntries(
  { entries: earlier }: Directory,
  { entries: changed }: Directory,
  isChanged: (path: string) => boolean,
): Chosen[] {
  const files = [
    ...earlier
      .filter(({ name }) => !isFolder(name) && !isChanged(name))
      .map((entry) => ({ entry, isNew: false })),
    ...changed
      .filter(({ name }) => !isFolder(name) && isChanged(name))
      .map((entry) => ({ entry, isNew: true })),
  ];
  const folders = new Map(
    [
      ...changed.map((entry) => ({ entry, isNew: true })),
      ...earlier.map((entry) => ({ entry, isNew: false })),
    ]
      .filter(({ entry }) => isFolder(entry.name))
      .map((chosen) => [chosen.entry.name, chosen] as const),
  );
  const needed = new Set(files.flatMap(({ entry }) => foldersOf(entry.name)));
  const chosen = [...files, ...[...needed].flatMap((name) => folders.get(name) ?? [])];
  return chosen.sort((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
}

const isFolder = (name: string): boolean => name.endsWith('/');

/** `a/` and `a/b/` of `a/b/c`. */
function foldersOf(name: string): string[] {
  const found: string[] = [];
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) found.push(name.slice(0, at + 1));
  return found;
}

/** What is read and written at once: small pieces cost more than their bytes. */
const PIECE = 2 ** 18;

/** The entries of one zip, read from its beginning to its end. */
class Blocks {
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

/** The same bytes in larger pieces. */
async function* gathered(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    held.push(piece);
    bytes += piece.length;
    if (bytes < PIECE) continue;
    yield Buffer.concat(held);
    [held, bytes] = [[], 0];
  }
  yield Buffer.concat(held);
}

function directoryRecord({ record, name }: SourceEntry, offset: number, time: number): Buffer {
  const changed = withTime(record, 12, 46 + name.length, time);
  changed.writeUInt32LE(offset, 42);
  return changed;
}

/** A copy of a header with its two times: one in the header, the other in the extra field, which stands first there. */
function withTime(header: Buffer, clock: number, extra: number, time: number): Buffer {
  const field = timestampField(time);
  if (!header.subarray(extra, extra + 5).equals(field.subarray(0, 5)))
    throw new Error('an entry has another extra field than the time');
  const changed = Buffer.from(header);
  changed.writeUInt32LE(dosTime(time), clock);
  field.copy(changed, extra);
  return changed;
}
