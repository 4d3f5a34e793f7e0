import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';

/** What git leaves in `.git` that is not part of the repository, or differs from run to run. */
const leftOut = /(^|\/)\.git\/(FETCH_HEAD|ORIG_HEAD|hooks|logs|lfs|info|description)(\/|$)/;
/** As `git archive -1`: a fifth of the time for a tenth more bytes. */
const compressionLevel = 1;

/**
 * Streams a folder as a zip: files, links and empty folders, sorted by path, with git's two file modes.
 * @param time every entry's time, epoch seconds
 */
export async function* zipFolder(folder: string, time: number): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const output = new PassThrough();
  // a file that cannot be read fails the reader of the zip, who may not have come yet or have left already
  zip.on('error', (error) => output.destroy(error));
  output.on('error', () => {});
  zip.outputStream.pipe(output);
  for (const path of await list(folder, '')) await add(zip, folder, path, new Date(time * 1000));
  zip.end();
  for await (const chunk of output) yield Buffer.from(chunk);
}

async function add(zip: ZipFile, folder: string, path: string, mtime: Date): Promise<void> {
  const full = join(folder, path);
  const stats = await lstat(full);
  if (stats.isSymbolicLink()) {
    zip.addBuffer(Buffer.from(await readlink(full)), path, { mtime, mode: 0o120777, compress: false });
  } else if (stats.isDirectory()) {
    zip.addEmptyDirectory(path, { mtime, mode: 0o40755 });
  } else {
    zip.addFile(full, path, { mtime, compressionLevel, mode: stats.mode & 0o100 ? 0o100755 : 0o100644 });
  }
}

/** Every file, link and empty folder below `folder`, sorted by the bytes of its path. */
async function list(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    const path = prefix + entry.name;
    if (leftOut.test(path)) continue;
    const inner = entry.isDirectory() ? await list(folder, `${path}/`) : [path];
    paths.push(...(inner.length > 0 ? inner : [path]));
  }
  return paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
