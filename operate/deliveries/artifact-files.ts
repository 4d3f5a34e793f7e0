import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import type { Connection } from '../connection/connection.ts';

/** A file of an artifact. */
export interface ArtifactFile {
  /** with `/` between the folders, as git has it */
  readonly path: string;
  readonly bytes: number;
}

/** The files of an artifact, in the order of its zip. */
export interface ArtifactFiles {
  /** how many there are */
  readonly count: number;
  /** the first of them */
  readonly files: readonly ArtifactFile[];
}

/**
 * The files of an artifact. Only the end of the zip is read, where its directory stands.
 * @param most how many files to answer at most
 * @throws when there is no artifact at the key
 */
export async function artifactFiles(
  connection: Connection,
  key: string,
  { versionId, most = Number.POSITIVE_INFINITY }: { versionId?: string; most?: number } = {},
): Promise<ArtifactFiles> {
  const object = {
    Bucket: connection.outputs.bucket,
    Key: key,
    ...(versionId ? { VersionId: versionId } : {}),
  };
  const size = await sizeOf(connection, object);
  const zip = await fromRandomAccessReaderPromise(new ObjectReader(connection, object, size), size, {
    lazyEntries: true,
    // A name of git is any bytes, and nothing is written here.
    decodeStrings: false,
  });
  const files: ArtifactFile[] = [];
  let count = 0;
  for await (const entry of zip.eachEntry()) {
    const path = pathOf(entry);
    if (path.endsWith('/')) continue;
    count += 1;
    if (files.length < most) files.push({ path, bytes: entry.uncompressedSize });
  }
  return { count, files };
}

const pathOf = ({ fileNameRaw }: Entry): string => fileNameRaw.toString();

type StoredObject = { readonly Bucket: string; readonly Key: string; readonly VersionId?: string };

async function sizeOf({ s3 }: Connection, object: StoredObject): Promise<number> {
  const { ContentLength = 0 } = await s3.send(new HeadObjectCommand(object)).catch((cause: unknown) => {
    if (!(cause instanceof Error && cause.name === 'NotFound')) throw cause;
    throw new Error(`no artifact ${object.Key}: "hookline artifacts list" shows the keys`, { cause });
  });
  return ContentLength;
}

const BLOCK = 1024 * 1024;

/** Reads an object of S3 by blocks, each once. */
class ObjectReader extends RandomAccessReader {
  readonly #connection: Connection;
  readonly #object: StoredObject;
  readonly #size: number;
  readonly #blocks = new Map<number, Promise<Buffer>>();

  constructor(connection: Connection, object: StoredObject, size: number) {
    super();
    this.#connection = connection;
    this.#object = object;
    this.#size = size;
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#copy(target.subarray(offset, offset + length), position).then(() => callback(null), callback);
  }

  async #copy(target: Buffer, position: number): Promise<void> {
    for (let done = 0; done < target.length; ) {
      const at = position + done;
      const block = await this.#block(Math.floor(at / BLOCK));
      const copied = block.copy(target, done, at % BLOCK);
      if (copied === 0) throw new Error(`the artifact ${this.#object.Key} ends before byte ${at}`);
      done += copied;
    }
  }

  #block(number: number): Promise<Buffer> {
    const known = this.#blocks.get(number) ?? this.#read(number * BLOCK);
    this.#blocks.set(number, known);
    return known;
  }

  async #read(start: number): Promise<Buffer> {
    const end = Math.min(start + BLOCK, this.#size) - 1;
    const { Body } = await this.#connection.s3.send(
      new GetObjectCommand({ ...this.#object, Range: `bytes=${start}-${end}` }),
    );
    if (!(Body instanceof Readable)) throw new Error(`the artifact ${this.#object.Key} came without a body`);
    return buffer(Body);
  }
}
