import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { portRefused } from '../../local/index.ts';

/** The command's options for the folder and the port of the runtime. */
export const OPTION_HINTS = { data: 'with --data', port: 'with --port' };

/** Checks the port, the state folder and the rules before everything that takes seconds. @throws with the next step */
export async function checkReady(port: number, folder: string, rules?: string): Promise<void> {
  if (rules !== undefined && !existsSync(rules))
    throw new Error(`there is no folder ${rules}: name one that holds rule files with --rules`);
  await makeFolder(folder);
  await tryPort(port);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
    await access(folder, constants.W_OK);
    if (!(await stat(folder)).isDirectory()) throw new Error('the path is a file');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the state folder ${folder} cannot be written (${why}): choose another with --data`, {
      cause,
    });
  }
}

/** As `mkdir -p`: Node's own never ends below /proc, where the system makes no folders. */
async function makeFolders(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolders(dirname(folder));
  // The folder holds the secrets of the git host and of every host that is added.
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    // Another start may have made the folder in the meantime.
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Tries the port. Another program may still take it before the runtime does, which then says the same. */
async function tryPort(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw portRefused(port, cause, OPTION_HINTS.port);
  }
  await new Promise((resolve) => server.close(resolve));
}
