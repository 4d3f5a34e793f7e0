import { createWriteStream } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';

const TYPE = 0o170000;
const LINK = 0o120000;

/**
 * Unpacks a zip with its modes and symbolic links. Links come last, so that no file is ever written through one.
 * @param zip a file's path, or the bytes
 * @throws for an entry that would leave the folder
 */
export async function unzip(zip: string | Readable, folder: string): Promise<void> {
  if (typeof zip === 'string') return unpack(zip, folder);
  // Beside the folder: after a kill the file goes with the build's folder.
  const spool = `${folder}.zip`;
  await pipeline(zip, createWriteStream(spool));
  await unpack(spool, folder);
  await rm(spool);
}

async function unpack(file: string, folder: string): Promise<void> {
  const zip = await openPromise(file, { lazyEntries: true });
  const links: { path: string; target: string }[] = [];
  for await (const entry of zip.eachEntry()) {
    const path = within(folder, entry.fileName);
    const mode = modeOf(entry);
    if (entry.fileName.endsWith('/')) {
      await mkdir(path, { recursive: true });
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    const stream = await zip.openReadStreamPromise(entry);
    if ((mode & TYPE) === LINK) links.push({ path, target: (await buffer(stream)).toString() });
    else await pipeline(stream, createWriteStream(path, { mode: mode & 0o777 || 0o644 }));
  }
  for (const { path, target } of links) await symlink(target, path);
}

function modeOf({ externalFileAttributes }: Entry): number {
  return externalFileAttributes >>> 16;
}

function within(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (path === folder || path.startsWith(folder + sep)) return path;
  throw new Error(`the zip has an entry ${JSON.stringify(name)}, which leaves its folder`);
}
