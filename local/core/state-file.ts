import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { damagedPage } from './state-pages.ts';

// The layout of LMDB's meta pages, of which the file begins with two:
// https://github.com/kriszyp/lmdb-js/blob/v3.5.6/dependencies/lmdb/libraries/liblmdb/mdb.c (MDB_page_header, MDB_meta)
const MAGIC = 0xbeefc0de;
const AT = { magic: 24, pageSize: 48, freeRoot: 88, mainRoot: 136, lastPage: 144, transaction: 152 } as const;
const META_BYTES = 168;
const SMALLEST_PAGE = 512;
const LARGEST_PAGE = 65_536;

interface Meta {
  readonly pageSize: number;
  readonly roots: readonly bigint[];
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

/**
 * Looks at a state file before LMDB maps it into memory, where what is missing or damaged ends the process by a signal.
 * A file that is not there is begun anew.
 * @throws with what is wrong and what to do
 */
export function checkStateFile(path: string): void {
  const patient = Date.now() + BEGINNING_MS;
  for (;;) {
    const wrong = problemAt(path);
    if (wrong === undefined) return;
    if (Date.now() > patient || statSync(path).size > BEGINNING_BYTES) throw damaged(path, wrong);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
}

// Another process may have begun the file this moment, and has not written its first pages.
const BEGINNING_MS = 2000;
const BEGINNING_BYTES = 65_536;
const LOOK_MS = 50;

function problemAt(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return problemOf(file);
  } finally {
    closeSync(file);
  }
}

export const damaged = (path: string, wrong: string, cause?: unknown): Error =>
  new Error(
    `${path} is damaged (${wrong}): put it back from a copy, or move it away to begin without the deliveries so far`,
    { cause },
  );

function problemOf(file: number): string | undefined {
  const stat = fstatSync(file);
  if (!stat.isFile()) return 'it is no file';
  const { size } = stat;
  if (size === 0) return 'it is empty';
  for (let walks = 1; walks <= MOST_WALKS; walks++) {
    const newest = newestMeta(file);
    if (!newest) return 'it does not begin as a state file does';
    const page = damagedPage(file, newest);
    if (page === undefined) return undefined;
    // Another process has written meanwhile, and may have used the page for something else.
    if (newestMeta(file)?.transaction !== newest.transaction) continue;
    // A sound file may be shorter too: LMDB does not write last pages that are free again.
    const needed = (newest.lastPage + 1n) * BigInt(newest.pageSize);
    return BigInt(size) < needed
      ? `it has ${size} of ${needed} bytes`
      : `its page ${page} is none of its kind`;
  }
  // Who writes all the time has it open, and is told of by state-folder.ts.
  return undefined;
}

const MOST_WALKS = 5;

/** The newer of the two. The first says how large the pages are: where it is damaged, so is the file, whatever the second holds. */
function newestMeta(file: number): Meta | undefined {
  const first = metaAt(file, 0);
  const second = first && metaAt(file, first.pageSize);
  return second && (first.transaction > second.transaction ? first : second);
}

function metaAt(file: number, position: number): Meta | undefined {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(file, page, 0, META_BYTES, position) < META_BYTES) return undefined;
  if (page.readUInt32LE(AT.magic) !== MAGIC) return undefined;
  const pageSize = page.readUInt32LE(AT.pageSize);
  if (pageSize < SMALLEST_PAGE || pageSize > LARGEST_PAGE) return undefined;
  return {
    pageSize,
    roots: [page.readBigUInt64LE(AT.freeRoot), page.readBigUInt64LE(AT.mainRoot)],
    lastPage: page.readBigUInt64LE(AT.lastPage),
    transaction: page.readBigUInt64LE(AT.transaction),
  };
}
