import type { LoadedRows } from './merge.ts';

/** The list's scroll position when a row was opened. */
export interface ListPosition {
  /** the list's address, as `/?outcome=failed` */
  readonly address: string;
  readonly scrollTop: number;
  /** the row's id */
  readonly row: string;
}

// These live as long as the browser's page: a reload forgets them.
let address = '/';
let lastPosition: ListPosition | undefined;
let lastRows: { readonly path: string; readonly list: LoadedRows } | undefined;

/** The address of the list that was shown last. */
export const listAddress = (): string => address;

export function rememberListAddress(at: string): void {
  address = at;
}

export function rememberPosition(position: ListPosition): void {
  lastPosition = position;
}

/** The position at which the list of this address was left. The position is given once. */
export function takePosition(at: string): ListPosition | undefined {
  const place = lastPosition?.address === at ? lastPosition : undefined;
  lastPosition = undefined;
  return place;
}

/** The rows that were loaded when the list was left: the position needs them. */
export const rememberedRows = (path: string): typeof lastRows =>
  lastRows?.path === path ? lastRows : undefined;

export function rememberRows(rows: typeof lastRows): void {
  lastRows = rows;
}
