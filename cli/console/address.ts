import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONSOLE_PATH } from '../../console/server/index.ts';
import { writeWhole } from '../../githost/files.ts';

/** A new token: the console answers only pages that send it. */
export const newToken = (): string => randomBytes(24).toString('base64url');

const TOKEN = /^[\w-]{32}$/;

/**
 * The token of a state folder, so that the console's address is the same at every start. An emptied
 * or cut one gives way to a new one: no browser could send it.
 */
export async function keptToken(data: string): Promise<string> {
  const file = join(data, 'console-token');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined && TOKEN.test(kept)) return kept;
  const token = newToken();
  await writeWhole(file, token);
  return token;
}

/** The console's address; the token stands behind the `#`, which no browser sends or logs. */
export const consoleUrl = (endpoint: string, token: string): string =>
  `${endpoint}${CONSOLE_PATH}/#token=${token}`;
