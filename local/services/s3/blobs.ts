import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AwsError } from '../../core/aws-error.ts';
import { asNotWritten } from '../../core/not-written.ts';
import { type Algorithm, checksum } from './checksums.ts';

/** A file of bytes in the state folder. An object is one of them, or one for each part of its upload. */
export interface Blob {
  readonly file: string;
  readonly size: number;
}

/** Bytes on disk, with their size and checksums. */
export interface Written {
  readonly blob: Blob;
  /** hex */
  readonly md5: string;
  /** base64, for the algorithms asked for */
  readonly sums: ReadonlyMap<Algorithm, string>;
}

export type Body = Readable | Uint8Array | string;

/** The files of bytes. What is being read stays until it has been read, whoever removes it meanwhile. */
export interface Blobs {
  /**
   * Writes a body to a file under a name of its own, on disk when this answers. A body that fails leaves nothing;
   * a file that no record names in the end is removed at the next start.
   * @throws StateNotWritten when the disk is full
   */
  write(body: Body, algorithms: Iterable<Algorithm>): Promise<Written>;
  /** the bytes of several files in a row, from `start` to `end`, both inclusive */
  read(blobs: readonly Blob[], start: number, end: number): Readable;
  /** the same bytes under files of their own, without copying them */
  share(blobs: readonly Blob[]): Promise<Blob[]>;
  remove(blobs: readonly Blob[]): Promise<void>;
  /** removes every file but these */
  keep(files: ReadonlySet<string>): Promise<void>;
}

export function blobsIn(folder: string): Blobs {
  const pins = new Map<string, number>();
  const doomed = new Set<string>();
  const unlink = (file: string): Promise<void> => rm(join(folder, file), { force: true });
  const refuse = (error: unknown): never => {
    throw asNotWritten(folder, error);
  };
  const pin = (blobs: readonly Blob[]): void => {
    for (const { file } of blobs) pins.set(file, (pins.get(file) ?? 0) + 1);
  };
  const unpin = async (blobs: readonly Blob[]): Promise<void> => {
    for (const { file } of blobs) {
      const left = (pins.get(file) ?? 1) - 1;
      if (left > 0) pins.set(file, left);
      else if (pins.delete(file) && doomed.delete(file)) await unlink(file);
    }
  };
  return {
    write: (body, algorithms) => writeBlob(folder, body, algorithms).catch(refuse),
    read: (blobs, start, end) => {
      pin(blobs);
      const stream = Readable.from(bytesOf(folder, blobs, start, end), { objectMode: false });
      // A file that cannot be removed now is removed at the next start.
      return stream.once('close', () => void unpin(blobs).catch(() => undefined));
    },
    share: async (blobs) => {
      pin(blobs);
      return shareBlobs(folder, blobs)
        .catch(refuse)
        .finally(() => unpin(blobs));
    },
    remove: async (blobs) => {
      for (const { file } of blobs) {
        if (pins.has(file)) doomed.add(file);
        else await unlink(file);
      }
    },
    keep: async (files) => {
      for (const file of await readdir(folder)) if (!files.has(file)) await unlink(file);
    },
  };
}

async function writeBlob(folder: string, body: Body, algorithms: Iterable<Algorithm>): Promise<Written> {
  const file = randomUUID();
  const handle = await open(join(folder, file), 'wx');
  const md5 = createHash('md5');
  const sums = new Map([...algorithms].map((name) => [name, checksum(name)]));
  let size = 0;
  try {
    for await (const chunk of chunksOf(body)) {
      md5.update(chunk);
      for (const sum of sums.values()) sum.update(chunk);
      size += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
    await syncFolder(folder);
  } catch (error) {
    await rm(join(folder, file), { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  const digests = new Map([...sums].map(([name, sum]) => [name, sum.digest()]));
  return { blob: { file, size }, md5: md5.digest('hex'), sums: digests };
}

async function* chunksOf(body: Body): AsyncGenerator<Buffer> {
  if (typeof body === 'string' || body instanceof Uint8Array) yield Buffer.from(body);
  else for await (const chunk of body) yield Buffer.from(chunk);
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
    if (from <= to) {
      await checkWhole(join(folder, file), size);
      yield* createReadStream(join(folder, file), { start: from, end: to });
    }
    at += size;
  }
}

/** @throws InternalError for a file that is cut or missing: a reader would wait for the rest, or take a part for the whole */
async function checkWhole(path: string, size: number): Promise<void> {
  const found = await stat(path).then(
    (there) => there.size,
    () => 0,
  );
  if (found !== size)
    throw new AwsError(
      'InternalError',
      `${path} has ${found} of ${size} bytes: put it back from a copy, or delete the object that it is of`,
      500,
    );
}

async function shareBlobs(folder: string, blobs: readonly Blob[]): Promise<Blob[]> {
  const shared: Blob[] = [];
  for (const { file, size } of blobs) {
    const name = randomUUID();
    await checkWhole(join(folder, file), size);
    await link(join(folder, file), join(folder, name));
    shared.push({ file: name, size });
  }
  await syncFolder(folder);
  return shared;
}

// A file is there after a power cut only once its folder has been synced too.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
