import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { errors, HooklineError } from '../../shared/errors.ts';
import { writeZip, type ZipEntry } from './writer.ts';

/** What git leaves in `.git` that is not part of the repository, or differs from run to run. */
const leftOut = /(^|\/)\.git\/(FETCH_HEAD|ORIG_HEAD|hooks|logs|lfs|info|description)(\/|$)/;
/** Larger files are streamed. */
const inMemory = 4 * 2 ** 20;
const slash = Buffer.from('/');

/** A file, link or empty folder, its path relative to the zipped folder. Names are bytes, as git has them. */
interface FolderEntry {
  readonly path: Buffer;
  readonly stats: Stats;
}

/**
 * Streams a folder as a zip: files, links and empty folders, sorted by path, with git's two file modes.
 * @param time every entry's time, epoch seconds
 * @throws `PullFailed` for what a zip cannot hold, before the first byte, and for a file that cannot be read
 */
export async function* zipFolder(folder: string, time: number): AsyncGenerator<Buffer> {
  const root = Buffer.from(folder);
  const found = await entriesBelow(root);
  for (const one of found) checkEntry(one);
  yield* writeZip(entries(root, found), time);
}

async function* entries(root: Buffer, found: readonly FolderEntry[]): AsyncGenerator<ZipEntry> {
  for (const one of found) yield await namingUnreadable(one.path, () => entry(root, one));
}

async function entry(root: Buffer, { path, stats }: FolderEntry): Promise<ZipEntry> {
  const full = join(root, path);
  if (stats.isDirectory())
    return { name: Buffer.concat([path, slash]), mode: 0o40755, content: Buffer.alloc(0) };
  if (stats.isSymbolicLink())
    return { name: path, mode: 0o120777, content: await readlink(full, { encoding: 'buffer' }) };
  const mode = stats.mode & 0o100 ? 0o100755 : 0o100644;
  if (stats.size <= inMemory) return { name: path, mode, content: await readFile(full) };
  return { name: path, mode, content: { size: stats.size, read: () => read(path, full) } };
}

async function* read(path: Buffer, full: Buffer): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(full);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Every file, link and empty folder below `root`, sorted by the bytes of its path. */
async function entriesBelow(root: Buffer): Promise<FolderEntry[]> {
  const found: FolderEntry[] = [];
  const walk = async (prefix: Buffer): Promise<boolean> => {
    const names = await namingUnreadable(prefix, () => readdir(join(root, prefix), { encoding: 'buffer' }));
    let kept = false;
    for (const name of names) {
      const path = prefix.length > 0 ? join(prefix, name) : name;
      if (leftOut.test(path.toString('latin1'))) continue;
      const stats = await namingUnreadable(path, () => lstat(join(root, path)));
      if (!stats.isDirectory() || !(await walk(path))) found.push({ path, stats });
      kept = true;
    }
    return kept;
  };
  await walk(Buffer.alloc(0));
  return found.sort((a, b) => Buffer.compare(a.path, b.path));
}

function checkEntry({ path, stats }: FolderEntry): void {
  if (!stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink())
    throw new HooklineError(
      errors.pullFailed,
      `${quotedPath(path)} is not a file, link or folder, and a zip holds nothing else; remove it`,
    );
}

function join(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, slash, name]);
}

async function namingUnreadable<T>(path: Buffer, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: Buffer, cause: unknown): HooklineError {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new HooklineError(
    errors.pullFailed,
    `${quotedPath(path)} of the work tree cannot be read (${why}); run the delivery again, with \`compute: ec2\` if it fails again`,
    { cause },
  );
}

/** A path in quotes; bytes that are no UTF-8 stand as `\xe9`. */
function quotedPath(path: Buffer): string {
  if (isUtf8(path)) return JSON.stringify(path.toString());
  const text = path
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${text}"`;
}
