import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asNotWritten, isFull, notWritten, StateNotWritten } from '../../core/not-written.ts';

// What the build itself may fill; the shell's own folder is small.
const FILLED = ['source', 'home', 'tmp'];

/** Makes an empty folder for a build. @throws StateNotWritten when the disk is full */
export async function makeBuildFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  try {
    // One by one: a recursive mkdir says of a full disk that a folder is missing.
    for (const name of ['', ...FILLED, 'shell']) await mkdir(join(folder, name));
  } catch (error) {
    throw asNotWritten(folder, error);
  }
}

/** Removes what a build has filled the disk with. @throws StateNotWritten when the disk is full of other things */
export async function blameFullDisk(folder: string): Promise<void> {
  if (!isFull(folder)) return;
  for (const name of FILLED) await rm(join(folder, name), { recursive: true, force: true });
  if (isFull(folder)) throw new StateNotWritten(notWritten(folder));
}
