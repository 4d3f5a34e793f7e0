import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Commanded, startCommand } from '../support/cli/command.ts';
import { runInProcess } from '../support/cli/in-process.ts';

let on: Commanded;
let deliveryId: string;

beforeAll(async () => {
  on = await startCommand();
  ({ deliveryId } = await on.push());
});
afterAll(() => on?.remove());

const consoleAddress = async (...args: string[]): Promise<URL> => {
  const { stdout, stderr } = await on.runLocally('open', ...args, '--json');
  expect(stderr).toBe('');
  return new URL(JSON.parse(stdout).url);
};

it('has the address of the list, or of a delivery by the beginning of its id', async () => {
  const list = await consoleAddress();
  expect(list.pathname).toBe('/console/');
  const delivery = await consoleAddress(deliveryId.slice(0, 8));
  expect(delivery.pathname).toMatch(/^\/console\/deliveries\/.+/);
  expect(delivery.hash).toBe(list.hash);
  expect((await fetch(delivery)).status).toBe(200);
});

it('opens a browser, and shows the token to nobody else', async () => {
  const { bin, opened } = await opener('printf "%s" "$1" > "$OPENED"');
  const { stdout, exitCode } = await open({ PATH: `${bin}:${process.env.PATH}`, OPENED: opened });
  expect(exitCode).toBe(0);
  const file = await readFile(opened, 'utf8');
  expect(await readFile(file, 'utf8')).toContain(`url=${stdout}"`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('prints the address where there is no browser, and says so', async () => {
  const { bin } = await opener('exit 3');
  const { stdout, stderr, exitCode } = await open({ PATH: `${bin}:${process.env.PATH}` });
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/console\/#token=/);
  expect(stderr).toMatch(/has opened no browser \(it ended with 3\): open the address above in one/);
  expect(exitCode).toBe(1);
});

const open = (env: Readonly<Record<string, string>>) =>
  runInProcess(['open', '--data', on.hookline.data], { cwd: on.folder, env });

/** A folder with a command of the system's name for opening a file in a browser. */
async function opener(script: string): Promise<{ bin: string; opened: string }> {
  const bin = join(on.folder, 'bin');
  await mkdir(bin, { recursive: true });
  const file = join(bin, process.platform === 'darwin' ? 'open' : 'xdg-open');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return { bin, opened: join(on.folder, 'opened') };
}
