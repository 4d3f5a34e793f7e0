import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Repository } from '../repositories.ts';

/** The LFS objects of a repository, in its folder, each by the SHA-256 of its content. */
export interface LfsObjects {
  /** how many bytes the object has; undefined when it is not there */
  size(oid: string): Promise<number | undefined>;
  read(oid: string): Readable;
  /** keeps the content. @returns false, and keeps nothing, when its hash is another one */
  write(oid: string, content: Readable): Promise<boolean>;
}

export function lfsObjects({ folder }: Repository): LfsObjects {
  const root = join(folder, 'lfs');
  const path = (oid: string): string => join(root, 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
  return {
    size: async (oid) => {
      const found = await stat(path(oid)).catch(() => undefined);
      return found?.size;
    },
    read: (oid) => createReadStream(path(oid)),
    write: async (oid, content) => {
      const draft = join(root, 'drafts', randomUUID());
      await mkdir(dirname(draft), { recursive: true });
      await mkdir(dirname(path(oid)), { recursive: true });
      try {
        const hash = createHash('sha256');
        await pipeline(
          content,
          async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              hash.update(chunk);
              yield chunk;
            }
          },
          createWriteStream(draft, { flush: true }),
        );
        if (hash.digest('hex') !== oid) return false;
        await rename(draft, path(oid));
        return true;
      } finally {
        await rm(draft, { force: true });
      }
    },
  };
}
