import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullExitStatus } from '../../../functions/shared/errors.ts';
import { type Bench, type Delivery, openBench, type Run } from '../../support/functions/pull-program.ts';
import { readZip, readZipBytes } from '../../support/zip.ts';

const path = 'services/api';

describe('`path` of a rule', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    // as git hosts have it
    for (const name of ['allowFilter', 'allowReachableSHA1InWant'])
      await execa('git', ['config', `uploadpack.${name}`, 'true'], { cwd: join(bench.root, 'acme/app.git') });
  });
  afterAll(() => bench?.close());

  const push = async (files: Record<string, string>) => {
    const commit = await bench.app.commit(files);
    await bench.app.git('push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/main');
    return commit;
  };
  const pulled = async (delivery: Delivery): Promise<Run> => {
    const run = await bench.run({ ...delivery, pull: { path, ...delivery.pull } });
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    return run;
  };
  const zipOf = ({ exports }: Run) => {
    const object = bench.aws.objects.get(exports.KEY ?? '');
    if (!object) throw new Error('no artifact was stored');
    return object.body;
  };
  const texts = async (run: Run) =>
    Object.fromEntries(
      [...(await readZip(zipOf(run)))].flatMap(([name, { body }]) =>
        name.endsWith('/') ? [] : [[name, body.toString('latin1')]],
      ),
    );
  /** Lets the pointer show the artifact of a pull, as Publish does. */
  const publish = ({ exports }: Run) => {
    const folder = (exports.TIP_KEY ?? '').split('/').slice(1, -1).join('/');
    bench.aws.published.set(`${folder}/refs/heads/main.zip`, exports.TIP_KEY ?? '');
  };

  it('makes the artifact of the folder alone, as git archives the commit', async () => {
    const long = `${'deep/'.repeat(30)}${'n'.repeat(120)}.txt`;
    await push({
      '.gitattributes': `*.lf text eol=lf\n/services export-ignore\n${path}/dev export-ignore\nv.txt export-subst\n`,
      'services/.gitattributes': '*.secret export-ignore\n',
      [`${path}/.gitattributes`]: '*.bat text eol=crlf\nown.txt export-ignore\n',
      [`${path}/a.txt`]: 'a',
      [`${path}/run.bat`]: 'one\ntwo\n',
      [`${path}/dev/x`]: 'left out',
      [`${path}/x.secret`]: 'left out',
      [`${path}/own.txt`]: 'left out',
      [`${path}/v.txt`]: '$Format:%H$',
      [`${path}/${long}`]: 'long',
      [`${path}/large.bin`]: 'x'.repeat(5 * 2 ** 20),
      'services/other/b.txt': 'another folder',
    });
    await symlink('a.txt', join(bench.app.folder, path, 'link'));
    const commit = await push({ [`${path}/run.sh`]: '#!/bin/sh\n' });
    const run = await pulled({ commit });
    const { 'large.bin': large, ...found } = await texts(run);
    expect(found).toEqual({
      '.gitattributes': '*.bat text eol=crlf\nown.txt export-ignore\n',
      'a.txt': 'a',
      'run.bat': 'one\r\ntwo\r\n',
      'v.txt': commit,
      [long]: 'long',
      link: 'a.txt',
      'run.sh': '#!/bin/sh\n',
    });
    expect(large).toHaveLength(5 * 2 ** 20);
    expect((await readZip(zipOf(run))).get('link')?.mode).toBe(0o120777);
    const time = Number(await bench.app.git('show', '-s', '--format=%ct', commit)) * 1000;
    for (const { dosTime } of await readZipBytes(zipOf(run)))
      expect(Math.abs(dosTime.getTime() - time)).toBeLessThan(2000);
    expect(zipOf(run).subarray(-40).toString()).toBe(commit);
    const first = zipOf(run);
    bench.aws.objects.clear();
    expect(zipOf(await pulled({ commit })).equals(first)).toBe(true);
  });

  it('has an artifact of its own, which says what is in it', async () => {
    const commit = await push({ [`${path}/a.txt`]: 'own' });
    const whole = await bench.run({ commit });
    const run = await pulled({ commit });
    expect(run.exports.KEY).not.toBe(whole.exports.KEY);
    expect(bench.aws.objects.get(run.exports.KEY ?? '')?.metadata).toMatchObject({
      commit,
      tree: await bench.app.git('rev-parse', `HEAD:${path}`),
    });
  });

  it('takes the earlier artifact while the folder stays as it was', async () => {
    const first = await pulled({ commit: await push({ [`${path}/a.txt`]: 'first', 'other.txt': '1' }) });
    publish(first);
    const commit = await push({ 'other.txt': '2' });
    const second = await pulled({ commit });
    expect(second.exports).toMatchObject({ COMMIT: commit, TIP: commit, CONTENT: first.exports.CONTENT });
    expect(second.exports.KEY).toBe(first.exports.KEY);
    expect(second.exports.VERSION_ID).toBe(first.exports.VERSION_ID);
    const changed = await pulled({ commit: await push({ [`${path}/a.txt`]: 'second' }) });
    expect(changed.exports.KEY).not.toBe(first.exports.KEY);
    expect(changed.exports.CONTENT).not.toBe(first.exports.CONTENT);
    publish(changed);
    // attributes above the folder change its files too
    const attributes = await pulled({ commit: await push({ '.gitattributes': 'a.txt text eol=crlf\n' }) });
    expect(attributes.exports.KEY).not.toBe(changed.exports.KEY);
  });

  it('makes an artifact again whose earlier one has expired', async () => {
    const first = await pulled({ commit: await push({ [`${path}/a.txt`]: 'expires' }) });
    publish(first);
    bench.aws.objects.clear();
    const commit = await push({ 'other.txt': 'expired' });
    expect((await pulled({ commit })).exports.KEY).toContain(commit);
  });

  it('fetches the folder and nothing of the others', async () => {
    const noise = (length: number) =>
      Array.from({ length }, (_, index) => ((index * 7919 * index) % 65_521).toString(36)).join('');
    const commit = await push({ 'web/big.txt': noise(400_000), [`${path}/a.txt`]: 'small' });
    const sent = bench.host.sent;
    await pulled({ commit });
    expect(bench.host.sent - sent).toBeLessThan(100_000);
  });

  it('puts LFS content of the folder in place of its pointers', async () => {
    const commit = await push({
      '.gitattributes': '*.bin filter=lfs\n',
      [`${path}/a.bin`]: bench.host.addLfs('content of the folder'),
      'web/b.bin': bench.host.addLfs('of another'),
    });
    expect(await texts(await pulled({ commit, pull: { lfs: true } }))).toMatchObject({
      'a.bin': 'content of the folder',
    });
  });

  it.each([
    ['has not', { 'a.txt': 'no folder' }, /FolderMissing: commit \w{40} has no folder "gone\/for \*good"; /],
    ['has as a file', { 'gone/for *good': '' }, /FolderMissing: .*, but a file, a link or a submodule; /],
  ])('names a folder that the commit %s', async (_, files, message) => {
    const commit = await push(files);
    const run = await bench.run({ commit, pull: { path: 'gone/for *good' } });
    expect(run.output).toMatch(message);
    expect(run).toMatchObject({ status: pullExitStatus.FolderMissing, left: [] });
  });

  it('builds a commit whose folder the tip has no more', async () => {
    const odd = 'odd ["x*]';
    const commit = await push({ [`${odd}/a.txt`]: 'odd', '.gitattributes': 'odd* export-ignore\n' });
    await bench.app.git('rm', '-r', '--quiet', '--', `:(literal)${odd}`);
    const tip = await push({});
    const run = await pulled({ commit, pull: { path: odd } });
    expect(run.exports).toMatchObject({ COMMIT: commit, TIP: tip, TIP_KEY: '-' });
    expect(await texts(run)).toEqual({ 'a.txt': 'odd' });
  });

  it('asks a host that hands out commits alone for all of the commit', async () => {
    const commit = await push({ [`${path}/a.txt`]: 'of an old host' });
    bench.host.oldProtocol = true;
    try {
      expect(await texts(await pulled({ commit }))).toMatchObject({ 'a.txt': 'of an old host' });
    } finally {
      bench.host.oldProtocol = false;
    }
  });
});
