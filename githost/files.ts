import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** `writeWhole` of a value as JSON. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeWhole(path, JSON.stringify(value));

/** Writes a file so that a reader, and a start after a crash, finds the whole old text or the whole new one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(draft, text, { mode: 0o600, flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** `writeJson` for the small files whose order of writes must be the order of calls. */
export function writeJsonNow(path: string, value: unknown): void {
  const draft = `${path}.${randomUUID()}.draft`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(draft, JSON.stringify(value), { mode: 0o600, flush: true });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * The JSON of a file, still to be parsed by a schema; undefined when there is none.
 * @throws when the file is not JSON, with its path
 */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is not JSON: put it back from a copy, or remove it`, { cause });
  }
}
