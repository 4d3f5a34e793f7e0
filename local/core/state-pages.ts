import { readSync } from 'node:fs';

// The layout of LMDB's pages (MDB_page_header, MDB_node, MDB_db, MDB_ovpage), all numbers little-endian:
// https://github.com/kriszyp/lmdb-js/blob/v3.5.6/dependencies/lmdb/libraries/liblmdb/mdb.c
const HEADER_BYTES = 24;
const AT = { number: 0, flags: 18, lower: 20, upper: 22 } as const;
const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const KIND = BRANCH | LEAF | OVERFLOW;
const NODE = { low: 0, high: 2, flags: 4, keyBytes: 6, key: 8 } as const;
const IN_OVERFLOW = 0x01;
const IS_TREE = 0x02;
const TREE_BYTES = 48;
const TREE_ROOT = 40;
const OVERFLOW_BYTES = 24;
// How many pages follow each other: in the node, and in the first page.
const PAGES = { inNode: 16, inPage: 20 } as const;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/** Where the trees of a state file begin. */
export interface Roots {
  readonly pageSize: number;
  readonly roots: readonly bigint[];
}

/**
 * Walks through every page of the trees. What LMDB would follow out of the file, or into a page of another kind, ends the
 * process by a signal.
 * @returns the number of a page that is missing or damaged
 */
export function damagedPage(file: number, { pageSize, roots }: Roots): bigint | undefined {
  const seen = new Set<bigint>();
  const waiting: Followed[] = roots.map((number) => ({ number, kinds: BRANCH | LEAF }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { number, kinds, pages } = next;
    if (number === NO_PAGE) continue;
    const page = pageAt(file, pageSize, number);
    if (!page || seen.has(number) || !isOfKind(page, number, kinds)) return number;
    seen.add(number);
    if (pages !== undefined) {
      const isWhole = BigInt(page.readUInt32LE(PAGES.inPage)) === pages;
      if (!isWhole || !pageAt(file, pageSize, number + pages - 1n)) return number;
      continue;
    }
    const below = pagesBelow(page);
    if (!below) return number;
    for (const each of below) waiting.push(each);
  }
  return undefined;
}

interface Followed {
  readonly number: bigint;
  /** what the page may be */
  readonly kinds: number;
  /** of a value that has pages of its own: how many */
  readonly pages?: bigint;
}

function pageAt(file: number, pageSize: number, number: bigint): Buffer | undefined {
  const position = number * BigInt(pageSize);
  if (position > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const page = Buffer.alloc(pageSize);
  return readSync(file, page, 0, pageSize, Number(position)) === pageSize ? page : undefined;
}

function isOfKind(page: Buffer, number: bigint, kinds: number): boolean {
  const kind = page.readUInt16LE(AT.flags) & KIND;
  return page.readBigUInt64LE(AT.number) === number && [BRANCH, LEAF, OVERFLOW].includes(kind & kinds);
}

/** The pages that a page of a tree leads to; undefined when a node of it is not in it. */
function pagesBelow(page: Buffer): Followed[] | undefined {
  const [lower, upper] = [page.readUInt16LE(AT.lower), page.readUInt16LE(AT.upper)];
  if (lower > upper || upper > page.length - HEADER_BYTES || lower % 2 !== 0) return undefined;
  const isBranch = (page.readUInt16LE(AT.flags) & BRANCH) !== 0;
  const followed: Followed[] = [];
  for (let index = 0; index < lower / 2; index++) {
    const at = page.readUInt16LE(HEADER_BYTES + index * 2);
    if (at < upper || at + HEADER_BYTES + NODE.key > page.length) return undefined;
    const node = page.subarray(at + HEADER_BYTES);
    const below = isBranch ? [childOf(node)] : pagesOfValue(node);
    if (!below) return undefined;
    followed.push(...below);
  }
  return followed;
}

const childOf = (node: Buffer): Followed => ({
  number: BigInt(node.readUInt32LE(NODE.low)) | (BigInt(node.readUInt16LE(NODE.flags)) << 32n),
  kinds: BRANCH | LEAF,
});

/** The pages that a value leads to; undefined when the value is not in the page. */
function pagesOfValue(node: Buffer): Followed[] | undefined {
  const flags = node.readUInt16LE(NODE.flags);
  const from = NODE.key + node.readUInt16LE(NODE.keyBytes);
  const kept = flags & IN_OVERFLOW ? OVERFLOW_BYTES : node.readUInt32LE(NODE.low);
  if (from + kept > node.length) return undefined;
  const value = node.subarray(from, from + kept);
  if (flags & IN_OVERFLOW)
    return [
      { number: value.readBigUInt64LE(0), kinds: OVERFLOW, pages: value.readBigUInt64LE(PAGES.inNode) },
    ];
  if (!(flags & IS_TREE)) return [];
  return kept === TREE_BYTES
    ? [{ number: value.readBigUInt64LE(TREE_ROOT), kinds: BRANCH | LEAF }]
    : undefined;
}
