import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { holdFolder } from '../../local/hold.ts';
import { temporaryFolder } from './fake-cloud.ts';

const folder = temporaryFolder();
const file = join(folder.path, 'runtime.pid');
afterAll(() => folder.remove());

it('takes a free folder and gives it back', async () => {
  const release = await holdFolder(folder.path);
  expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  await release();
  expect(() => readFileSync(file)).toThrow('ENOENT');
});

it('refuses a folder that a living process holds, naming the process', async () => {
  const other = execFile(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const stat = readFileSync(`/proc/${other.pid}/stat`, 'utf8');
  writeFileSync(file, `${other.pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`);
  await expect(holdFolder(folder.path)).rejects.toThrow(`in use by process ${other.pid}`);
  other.kill('SIGKILL');
  await once(other, 'exit');
  await (await holdFolder(folder.path))();
});

it('takes a folder whose holder was killed, though its number is another process by now', async () => {
  writeFileSync(file, `${process.ppid} 1`);
  await (await holdFolder(folder.path))();
});
