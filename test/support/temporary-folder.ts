import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a run of the tests a folder of its own for temporary files, which the run's processes inherit as TMPDIR, and removes the
 * folder at the end: also what a killed process left there.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-test-'));
  process.env.TMPDIR = folder;
  return () => rm(folder, { recursive: true, force: true });
}
