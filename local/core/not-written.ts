import { statfsSync } from 'node:fs';

/** A write that is not on disk. What was written before it is. */
export class StateNotWritten extends Error {
  override readonly name = 'StateNotWritten';
}

// LMDB says of a full disk that there was an error of input or output: what is left is asked for.
const FULL_BELOW_BYTES = 1_000_000;

/** LMDB's own error of a write. It rejects a promise inside of LMDB too, for which nobody waits: that one says nothing new. */
export const isOfCommit = (error: unknown): error is Error & { readonly commitError: unknown } =>
  error instanceof Error && 'commitError' in error;

/** Why a folder takes no write, and what to do. */
export function notWritten(directory: string): string {
  return isFull(directory)
    ? fullDisk(directory)
    : `${directory} cannot be written: look at its disk; nothing that was accepted is lost`;
}

const fullDisk = (directory: string): string =>
  `the disk of ${directory} is full: make room; nothing that was accepted is lost`;

/** The failure to write a file of the state folder, as StateNotWritten where the disk is full; any other as it is. */
export function asNotWritten(directory: string, error: unknown): unknown {
  const isOfFullDisk =
    error instanceof Error && 'code' in error && /^(ENOSPC|EDQUOT)$/.test(String(error.code));
  return isOfFullDisk ? new StateNotWritten(fullDisk(directory), { cause: error }) : error;
}

/** Whether the disk of a folder has no room left. */
export function isFull(directory: string): boolean {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize < FULL_BELOW_BYTES;
}
