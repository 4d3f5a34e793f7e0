import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

export interface ZipEntry {
  /** the whole mode, such as 0o100755 */
  readonly mode: number;
  readonly body: Buffer;
}

/** A zip's entries by their path; folders end with a slash. */
export async function readZip(zip: Buffer): Promise<Map<string, ZipEntry>> {
  const file = await fromBufferPromise(zip);
  const entries = new Map<string, ZipEntry>();
  for await (const entry of file.eachEntry()) {
    const body = entry.fileName.endsWith('/')
      ? Buffer.alloc(0)
      : await buffer(await file.openReadStreamPromise(entry));
    entries.set(entry.fileName, { mode: entry.externalFileAttributes >>> 16, body });
  }
  return entries;
}

/** Writes a zip's files, links and folders below `folder`. */
export async function unpack(zip: Buffer, folder: string): Promise<void> {
  for (const [path, { mode, body }] of await readZip(zip)) {
    const full = join(folder, path);
    await mkdir(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (path.endsWith('/')) continue;
    if ((mode & 0o170000) === 0o120000) {
      await symlink(body.toString(), full);
    } else {
      await writeFile(full, body);
      await chmod(full, mode & 0o777);
    }
  }
}
