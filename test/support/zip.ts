import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
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

/** An entry as its bytes are, whatever they would be as text. */
export interface RawEntry {
  readonly name: Buffer;
  readonly mode: number;
  readonly body: Buffer;
  /** whether its flag says that the name is UTF-8 */
  readonly utf8: boolean;
  /** the time that most readers show */
  readonly time: Date;
  /** the same to two seconds, which every reader knows */
  readonly dosTime: Date;
}

/** A zip's entries in their order, with names as bytes. @throws for a wrong checksum */
export async function readZipBytes(zip: Buffer): Promise<RawEntry[]> {
  const file = await fromBufferPromise(zip, { decodeStrings: false });
  const entries: RawEntry[] = [];
  for await (const entry of file.eachEntry()) {
    const body = await buffer(await file.openReadStreamPromise(entry));
    if (crc32(body) !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
    entries.push({
      name: Buffer.from(entry.fileName),
      mode: entry.externalFileAttributes >>> 16,
      body,
      utf8: (entry.generalPurposeBitFlag & (1 << 11)) !== 0,
      time: entry.getLastModDate({ timezone: 'UTC' }),
      dosTime: entry.getLastModDate({ timezone: 'UTC', forceDosFormat: true }),
    });
  }
  return entries;
}
