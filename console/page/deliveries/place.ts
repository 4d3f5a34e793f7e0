import type { Loaded } from './merge.ts';

/** Where in the list a row was opened. */
export interface Place {
  /** the list's address, as `/?outcome=failed` */
  readonly address: string;
  readonly scrollTop: number;
  /** the row's id */
  readonly row: string;
}

// As long as the page stays: a reload begins anew.
let address = '/';
let left: Place | undefined;
let kept: { readonly path: string; readonly list: Loaded } | undefined;

/** The address of the list as it was last seen. */
export const listAddress = (): string => address;

export function seeList(at: string): void {
  address = at;
}

export function leaveList(place: Place): void {
  left = place;
}

/** The place that the list of this address was left at, once. */
export function returnTo(at: string): Place | undefined {
  const place = left?.address === at ? left : undefined;
  left = undefined;
  return place;
}

/** The rows that were loaded when the list was left, so that the place is there again. */
export const keptRows = (path: string): typeof kept => (kept?.path === path ? kept : undefined);

export function keepRows(rows: typeof kept): void {
  kept = rows;
}
