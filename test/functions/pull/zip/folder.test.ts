import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { zipFolder } from '../../../../functions/pull/zip/folder.ts';
import { temporaryFolder } from '../../../../local/testing.ts';
import { readZipBytes } from '../../../support/zip.ts';

const TIME = 1_700_000_000;

describe('the zip of a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder().path;
  });

  const put = async (path: string | Buffer, content: string | Buffer = '') => {
    const full = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path)]);
    await mkdir(dirname(full.toString('latin1')), { recursive: true }).catch(() => undefined);
    await writeFile(full, content);
  };
  const zipped = async () => {
    const entries = await readZipBytes(await buffer(zipFolder(folder, TIME)));
    return entries.map(({ name, mode, body }) => [
      name.toString('latin1'),
      mode.toString(8),
      body.toString(),
    ]);
  };

  it('has its files, programs, links and empty folders, in the order of their bytes', async () => {
    await put('b/c.txt', 'c');
    await put('b.txt', 'text');
    await put('run', 'run');
    await chmod(join(folder, 'run'), 0o700);
    await put('read-only', 'r');
    await chmod(join(folder, 'read-only'), 0o677);
    await mkdir(join(folder, 'empty/inner'), { recursive: true });
    await symlink('../anywhere', join(folder, 'link'));
    await put(Buffer.from('\xff', 'latin1'), 'bytes');
    expect(await zipped()).toEqual([
      ['b.txt', '100644', 'text'],
      ['b/c.txt', '100644', 'c'],
      ['empty/inner/', '40755', ''],
      ['link', '120777', '../anywhere'],
      ['read-only', '100644', 'r'],
      ['run', '100755', 'run'],
      ['\xff', '100644', 'bytes'],
    ]);
  });

  it('leaves out what git keeps of a run, and nothing of that name elsewhere', async () => {
    const names = ['FETCH_HEAD', 'ORIG_HEAD', 'hooks/x', 'logs/x', 'lfs/x', 'info/x', 'description'];
    for (const name of names) await put(`.git/${name}`);
    for (const name of names) await put(`m/.git/${name}`);
    const kept = [
      '.git/HEAD',
      '.git/hooksx',
      '.git/objects/info/x',
      'm/.git/HEAD',
      'hooks/x',
      'x.git/hooks/y',
    ];
    for (const name of kept) await put(name);
    expect((await zipped()).map(([name]) => name)).toEqual([...kept].sort());
  });

  it('streams large files', async () => {
    const [most, more] = [Buffer.alloc(4 * 2 ** 20, 'a'), Buffer.alloc(4 * 2 ** 20 + 1, 'b')];
    await put('most', most);
    await put('more', more);
    const zip = await buffer(zipFolder(folder, TIME));
    expect((await readZipBytes(zip)).map(({ body }) => body.length)).toEqual([more.length, most.length]);
    // bit 3: the sizes follow the content
    const flagsAt = (name: string) => zip.readUInt16LE(zip.indexOf(name) - 24) & 8;
    expect([flagsAt('more'), flagsAt('most')]).toEqual([8, 0]);
  });

  it('is none of what a zip cannot hold, and says so before its first byte', async () => {
    const server = createServer().listen(join(folder, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(zipFolder(folder, TIME).next()).rejects.toMatchObject({
      name: 'PullFailed',
      message: '"socket" is not a file, link or folder, and a zip holds nothing else; remove it',
    });
    await new Promise((resolve) => server.close(resolve));
  });

  it('is none of what cannot be read', async () => {
    await expect(buffer(zipFolder(join(folder, 'none'), TIME))).rejects.toMatchObject({
      name: 'PullFailed',
      message:
        '"" of the work tree cannot be read (ENOENT); run the delivery again, with `compute: ec2` if it fails again',
      cause: expect.objectContaining({ code: 'ENOENT' }),
    });
  });

  it.each([
    ['größe', '"größe"'],
    [Buffer.from('a\xe9~\n', 'latin1'), '"a\\xe9~\\x0a"'],
  ])('names the file that goes while it is read: %s', async (path, quoted) => {
    await put('a', 'first');
    await put(path, Buffer.alloc(5 * 2 ** 20));
    const zip = zipFolder(folder, TIME);
    expect((await zip.next()).value?.includes('first')).toBe(true);
    const { rm } = await import('node:fs/promises');
    await rm(folder, { recursive: true });
    const rest = async () => {
      for await (const _ of zip);
    };
    await expect(rest()).rejects.toThrow(`${quoted} of the work tree cannot be read (ENOENT)`);
  });

  it('names the small file that goes before it is read', async () => {
    await put('a', 'first');
    await put('b', 'second');
    const zip = zipFolder(folder, TIME);
    await zip.next();
    const { rm } = await import('node:fs/promises');
    await rm(join(folder, 'b'));
    await expect(zip.next()).rejects.toThrow('"b" of the work tree cannot be read (ENOENT)');
  });
});
