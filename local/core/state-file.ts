import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';

// The layout of LMDB's meta pages, of which the file begins with two:
// https://github.com/kriszyp/lmdb-js/blob/v3.5.6/dependencies/lmdb/libraries/liblmdb/mdb.c (MDB_page_header, MDB_meta)
const MAGIC = 0xbeefc0de;
const AT = { magic: 24, pageSize: 48, lastPage: 144, transaction: 152 } as const;
const META_BYTES = 168;
const SMALLEST_PAGE = 512;

interface Meta {
  readonly pageSize: number;
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
    if (Date.now() > patient) throw damaged(path, wrong);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
}

// Another process may have begun the file this moment, and has not written its first pages.
const BEGINNING_MS = 2000;
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
    return problemOf(file, path);
  } finally {
    closeSync(file);
  }
}

export const damaged = (path: string, wrong: string, cause?: unknown): Error =>
  new Error(
    `${path} is damaged (${wrong}): put it back from a copy, or move it away to begin without the deliveries so far`,
    { cause },
  );

function problemOf(file: number, path: string): string | undefined {
  const { size } = fstatSync(file);
  if (size === 0) return 'it is empty';
  // The first page says how large the pages are; where it is damaged, so is the file, whatever the second holds.
  const first = metaAt(file, 0);
  const second = first && metaAt(file, first.pageSize);
  if (!first || !second) return 'it does not begin as a state file does';
  const { lastPage, pageSize } = first.transaction > second.transaction ? first : second;
  const needed = (lastPage + 1n) * BigInt(pageSize);
  // A sound file may be shorter too: LMDB does not write last pages that are free again.
  return BigInt(size) < needed && !isReadable(path) ? `it has ${size} of ${needed} bytes` : undefined;
}

// The names are read first: a database that is opened under way takes the transaction away from a walk through the names.
const READ_ALL = `
  const { open } = require(process.argv[1]);
  const root = open({ path: process.argv[2], readOnly: true, maxDbs: 64 });
  for (const name of [...root.getKeys()]) for (const _ of root.openDB({ name }).getRange());`;

/** Whether all of the file can be read: tried by a process of its own, as a page that is missing ends it by a signal. */
function isReadable(path: string): boolean {
  const lmdb = createRequire(import.meta.url).resolve('lmdb');
  return spawnSync(process.execPath, ['-e', READ_ALL, lmdb, path], { stdio: 'ignore' }).status === 0;
}

function metaAt(file: number, position: number): Meta | undefined {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(file, page, 0, META_BYTES, position) < META_BYTES) return undefined;
  if (page.readUInt32LE(AT.magic) !== MAGIC) return undefined;
  const pageSize = page.readUInt32LE(AT.pageSize);
  if (pageSize < SMALLEST_PAGE) return undefined;
  return {
    pageSize,
    lastPage: page.readBigUInt64LE(AT.lastPage),
    transaction: page.readBigUInt64LE(AT.transaction),
  };
}
