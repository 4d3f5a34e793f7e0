import { endRecords } from '../zip/records.ts';
import { EntryReader, type OpenZip, PIECE, withTime } from './entry-reader.ts';
import type { Directory, SourceEntry } from './zip-source.ts';

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
  const old = new EntryReader(earlier);
  const fresh = new EntryReader(changed);
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
