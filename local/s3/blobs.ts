import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';

/** A file of bytes in the state folder. An object is one of them, or one for each part of its upload. */
export interface Blob {
  readonly file: string;
  readonly size: number;
}

/** Bytes on disk, and what they hash to. */
export interface Written {
  readonly blob: Blob;
  /** hex */
  readonly md5: string;
  /** base64, by the API's name of the algorithm */
  readonly digests: Readonly<Record<'CRC32' | 'SHA1' | 'SHA256', string>>;
}

export type Body = Readable | Buffer | Uint8Array | string;

/**
 * Writes a body to a file, on disk when this answers. A body that fails leaves nothing.
 * @param withSha whether somebody asks for the SHA digests, which cost more than the write
 */
export async function writeBlob(folder: string, body: Body, withSha = false): Promise<Written> {
  const file = randomUUID();
  const handle = await open(join(folder, file), 'wx');
  const md5 = createHash('md5');
  const [sha1, sha256] = withSha ? [createHash('sha1'), createHash('sha256')] : [];
  let [size, crc] = [0, 0];
  try {
    for await (const chunk of chunksOf(body)) {
      for (const hash of [md5, sha1, sha256]) hash?.update(chunk);
      crc = crc32(chunk, crc);
      size += chunk.length;
      await handle.write(chunk);
    }
    await handle.sync();
  } catch (error) {
    await rm(join(folder, file), { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc);
  return {
    blob: { file, size },
    md5: md5.digest('hex'),
    digests: {
      CRC32: checksum.toString('base64'),
      SHA1: sha1?.digest('base64') ?? '',
      SHA256: sha256?.digest('base64') ?? '',
    },
  };
}

async function* chunksOf(body: Body): AsyncGenerator<Buffer> {
  if (typeof body === 'string' || body instanceof Uint8Array) yield Buffer.from(body);
  else for await (const chunk of body) yield Buffer.from(chunk as Uint8Array);
}

/** The bytes of several files in a row, from `start` to `end`, both inclusive. */
export function readBlobs(folder: string, blobs: readonly Blob[], start: number, end: number): Readable {
  return Readable.from(bytesOf(folder, blobs, start, end), { objectMode: false });
}

async function* bytesOf(
  folder: string,
  blobs: readonly Blob[],
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  let at = 0;
  for (const { file, size } of blobs) {
    const [from, to] = [Math.max(0, start - at), Math.min(size - 1, end - at)];
    if (from <= to) yield* createReadStream(join(folder, file), { start: from, end: to });
    at += size;
  }
}

/** The same bytes under files of their own, without copying them. */
export function shareBlobs(folder: string, blobs: readonly Blob[]): Promise<Blob[]> {
  return Promise.all(
    blobs.map(async ({ file, size }) => {
      const shared = randomUUID();
      await link(join(folder, file), join(folder, shared));
      return { file: shared, size };
    }),
  );
}

export async function removeBlobs(folder: string, blobs: readonly Blob[]): Promise<void> {
  await Promise.all(blobs.map(({ file }) => rm(join(folder, file), { force: true })));
}

/** Removes files that nothing refers to: what was being written when the process was killed. */
export async function removeOthers(folder: string, known: ReadonlySet<string>): Promise<void> {
  const files = await readdir(folder);
  await Promise.all(
    files.filter((file) => !known.has(file)).map((file) => rm(join(folder, file), { force: true })),
  );
}
