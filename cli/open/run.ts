import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readAddress } from '../outputs/local-address.ts';
import { print, printJson } from '../print.ts';
import { withTarget } from '../target.ts';

export interface OpenOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** @throws when no runtime runs on the folder, when it has no such delivery, or when no browser is opened */
export async function openConsole(id: string | undefined, { data, json }: OpenOptions): Promise<void> {
  const url = new URL((await readAddress(data)).consoleUrl);
  if (id !== undefined) url.pathname += `deliveries/${encodeURIComponent(await rowId(id, data))}`;
  if (json) return printJson({ url: url.href });
  print(url.href);
  await openInBrowser(await redirectFile(url.href, data));
}

const rowId = (id: string, data: string): Promise<string> =>
  withTarget({ data }, async (connection) => {
    const { findDelivery } = await import('../../operate/deliveries/delivery.ts');
    return (await findDelivery(connection, id)).id;
  });

/** A page that leads to the address. The address has the token, which the arguments of a process would show to everybody. */
async function redirectFile(url: string, data: string): Promise<string> {
  const file = resolve(join(data, 'open-console.html'));
  await writeFile(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">\n`, {
    mode: 0o600,
  });
  return file;
}

const OPENER = process.platform === 'darwin' ? 'open' : 'xdg-open';

function openInBrowser(file: string): Promise<void> {
  return new Promise((done, failed) => {
    const fail = (reason: string): void =>
      failed(new Error(`${OPENER} has opened no browser (${reason}): open the address above in one`));
    spawn(OPENER, [file], { stdio: 'ignore' })
      .once('error', ({ message }) => fail(message))
      .once('exit', (code) => (code === 0 ? done() : fail(`it ended with ${code}`)));
  });
}
