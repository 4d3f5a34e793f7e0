import { isUtf8 } from 'node:buffer';
import { symlink, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../../support/functions/pull-program.ts';
import { readZipBytes } from '../../support/zip.ts';

/** What git takes on Linux and other programs stumble over. */
const odd = [
  'tests\\line\\~silk.png',
  'units/run-x\\x2dy.mount',
  'C:\\temp\\log.txt',
  'C:/temp/log.txt',
  '..\\x',
  'ends with\\',
  'a:b*c?"<>|.txt',
  ' leading and trailing ',
  'line\nbreak',
  '-rf',
  'ünï ©ode/日本.txt',
].map((name) => Buffer.from(name));
const latin = Buffer.from('caf\xe9.txt', 'latin1');

describe('a name that git takes', () => {
  let bench: Bench;
  let commit: string;
  beforeAll(async () => {
    bench = await openBench();
    const { folder, git } = bench.app;
    for (const name of ['tests', 'units', 'C:', 'C:/temp', 'ünï ©ode'])
      await execa('mkdir', ['-p', name], { cwd: folder });
    const at = (name: Buffer) => Buffer.concat([Buffer.from(`${folder}/`), name]);
    for (const name of [...odd, latin]) await writeFile(at(name), name);
    await writeFile(at(Buffer.from('large.bin')), Buffer.alloc(5_000_000, 'large'));
    await symlink(latin, at(Buffer.from('link')));
    commit = await bench.app.commit({ 'run.sh': '#!/bin/sh\n' });
    await git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  });
  afterAll(() => bench?.close());

  const pulled = async (pull: { git?: boolean; submodules?: boolean }) => {
    bench.aws.objects.clear();
    const run = await bench.run({ commit, pull });
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    return bench.aws.objects.get(run.exports.KEY ?? '')?.body ?? Buffer.alloc(0);
  };

  it.each([{}, { git: true }, { submodules: true }])(
    'is in the artifact byte for byte, as in that of git archive, by %j',
    async (options) => {
      const found = (await readZipBytes(await pulled(options))).filter(
        ({ name }) => !name.toString('latin1').match(/^\.git\/|\/$/),
      );
      const model = (await readZipBytes(await bench.app.archive(commit))).filter(
        ({ name }) => name.at(-1) !== 0x2f,
      );
      const facts = ({ name, body, utf8, time }: (typeof found)[number]) => ({
        name: name.toString('latin1'),
        body: body.toString('latin1').slice(0, 100),
        bytes: body.length,
        utf8,
        time,
      });
      const order = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
      expect(found.map(facts).sort(order)).toEqual(model.map(facts).sort(order));
      expect(found.map(({ name }) => name.toString('latin1')).sort()).toEqual(
        [...odd, latin, Buffer.from('large.bin'), Buffer.from('link'), Buffer.from('run.sh')]
          .map((name) => name.toString('latin1'))
          .sort(),
      );
      for (const { name, utf8 } of found) expect(utf8).toBe(isUtf8(name) && name.some((byte) => byte > 127));
      const mode = (wanted: string) =>
        found.find(({ name }) => name.toString('latin1') === wanted)?.mode ?? 0;
      expect(mode('run.sh')).toBe(0o100755);
      expect(mode('link')).toBe(0o120777);
    },
  );

  it('makes the same bytes with .git on every run', async () => {
    expect((await pulled({ git: true })).equals(await pulled({ git: true }))).toBe(true);
  });
});
