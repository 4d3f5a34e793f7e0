import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench, type Run } from '../../support/functions/pull-program.ts';

describe('a pull after another one of the repository', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    // as git hosts have it
    for (const name of ['allowFilter', 'allowAnySHA1InWant'])
      await execa('git', ['config', `uploadpack.${name}`, 'true'], { cwd: join(bench.root, 'acme/app.git') });
    const files = Array.from({ length: 60 }, (_, n) => [`d${n % 7}/e${n % 3}/f${n}.txt`, text(n)]);
    await push({ ...Object.fromEntries(files), 'große/©.txt': 'ü', 'run.sh': '#!/bin/sh\n', 'd.x': 'x' });
  });
  afterAll(() => bench?.close());

  const text = (n: number) => `${n} `.repeat(500) + randomBytes(3000).toString('hex');
  const push = async (files: Record<string, string>) => {
    const commit = await bench.app.commit(files);
    await bench.app.git('push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/main');
    return commit;
  };
  const remove = (path: string) => rm(join(bench.app.folder, path), { recursive: true });
  const pulled = async (commit: string, env: Record<string, string> = {}) => {
    const sent = bench.host.sent;
    const run = await bench.run({ commit }, env);
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    return { run, bytes: bench.host.sent - sent, isWarm: /fetched what/.test(run.output) };
  };
  const zipOf = ({ exports }: Run) => bench.aws.objects.get(exports.KEY ?? '')?.body ?? Buffer.alloc(0);
  const kept = () => {
    const key = [...bench.aws.objects.keys()].find((each) => each.startsWith('kept/')) ?? '';
    const object = bench.aws.objects.get(key);
    if (!object) throw new Error('nothing is kept');
    return { key, object };
  };
  /** The artifact is the one that git makes of the whole commit, byte for byte. */
  const expectWhole = async (run: Run, commit: string) =>
    expect(zipOf(run).equals(await bench.app.archive(commit))).toBe(true);

  it('has the same bytes, whatever has changed, and asks the host for the change alone', async () => {
    const first = await pulled(await push({ 'd0/e0/f0.txt': 'begin' }));
    expect(first.isWarm).toBe(false);
    const changes: (() => Promise<string>)[] = [
      () => push({ 'd0/e0/f0.txt': text(1000) }),
      () => push({ 'd0/a-new/file': 'new', 'a.first': 'first', 'zz/last.sh': 'last' }),
      async () => {
        await remove('zz');
        await remove('d1');
        return push({ d1: 'a file in place of a folder' });
      },
      async () => {
        await remove('d.x');
        return push({ 'd.x/y': 'a folder in place of a file' });
      },
      () => push({}),
      async () => {
        await bench.app.git('update-index', '--chmod=+x', 'd2/e2/f2.txt');
        await bench.app.git('commit', '--quiet', '-m', 'mode');
        await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
        return bench.app.git('rev-parse', 'HEAD');
      },
      async () => {
        for (const path of ['d0', 'd3', 'd4', 'große']) await remove(path);
        return push({});
      },
    ];
    for (const change of changes) {
      const commit = await change();
      const next = await pulled(commit);
      expect(next.isWarm, next.run.output).toBe(true);
      await expectWhole(next.run, commit);
      expect(next.bytes).toBeLessThan(first.bytes / 4);
      expect(kept().object.metadata.commit).toBe(commit);
    }
  });

  it('obeys the attributes, and begins anew when they change', async () => {
    await pulled(
      await push({ '.gitattributes': '*.bat eol=crlf\nno/ export-ignore\n', 'no/x': 'x', 'a.bat': 'a\n' }),
    );
    const commit = await push({ 'no/y': 'left out', 'b.bat': 'b\n', 'no/x': 'changed' });
    const next = await pulled(commit);
    expect(next.isWarm).toBe(true);
    await expectWhole(next.run, commit);
    const other = await push({ '.gitattributes': '*.bat eol=lf\n' });
    const anew = await pulled(other);
    expect(anew.run.output).toContain('attributes or submodules have changed');
    await expectWhole(anew.run, other);
  });

  it('keeps nothing of a commit whose formats stand in a file', async () => {
    const { key } = kept();
    bench.aws.objects.delete(key);
    const commit = await push({ '.gitattributes': 'v export-subst\n', v: '$Format:%H$' });
    await expectWhole((await pulled(commit)).run, commit);
    expect([...bench.aws.objects.keys()]).not.toContain(key);
    await remove('.gitattributes');
    await pulled(await push({}));
  });

  it.each<[string, () => void]>([
    ['is torn', () => replace(kept().key, { body: kept().object.body.subarray(0, 100) })],
    ['is of other bytes', () => replace(kept().key, { body: randomBytes(2000) })],
    ['names a commit that it has not', () => replace(kept().key, { metadata: { commit: 'a'.repeat(40) } })],
    ['is of another git', () => replace(kept().key, { metadata: { git: 'git version 1.0.0' } })],
    ['names nothing', () => replace(kept().key, { metadata: { commit: '' } })],
    ['is of an artifact that is gone', () => bench.aws.objects.delete(artifact())],
    ['is of an artifact with another byte', () => spoil()],
  ])('is only slower when what was kept %s', async (_, damage) => {
    await pulled(await push({ 'd5/now.txt': text(5) }));
    damage();
    const commit = await push({ 'd5/then.txt': text(6) });
    const next = await pulled(commit);
    await expectWhole(next.run, commit);
    expect(kept().object.metadata.commit).toBe(commit);
    const again = await push({ 'd5/then.txt': text(7) });
    expect((await pulled(again)).isWarm).toBe(true);
  });

  const replace = (key: string, { body, metadata }: { body?: Buffer; metadata?: Record<string, string> }) => {
    const object = bench.aws.objects.get(key);
    if (!object) throw new Error(`there is no object ${key}`);
    bench.aws.objects.set(key, {
      ...object,
      body: body ?? object.body,
      metadata: { ...object.metadata, ...metadata },
    });
  };
  const artifact = () =>
    [...bench.aws.objects.keys()].find((key) => key.includes(kept().object.metadata.commit ?? '')) ?? '';
  const spoil = () => {
    const body = Buffer.from(bench.aws.objects.get(artifact())?.body ?? '');
    body[2000] = (body[2000] ?? 0) ^ 1;
    replace(artifact(), { body });
  };

  it('leaves what another pull has kept meanwhile', async () => {
    await pulled(await push({ 'd5/one.txt': '1' }));
    const { key } = kept();
    const commit = await push({ 'd5/two.txt': '2' });
    bench.aws.beforePut = (put) => {
      if (put.startsWith('commits/')) replace(key, { body: Buffer.from('of another pull') });
    };
    try {
      const { run } = await pulled(commit);
      expect(run.output).toContain('nothing is kept for the next pull');
      expect(bench.aws.objects.get(key)?.body.toString()).toBe('of another pull');
    } finally {
      bench.aws.beforePut = () => {};
    }
  });

  it('is as any other when the host knows no partial fetch', async () => {
    await pulled(await push({ 'd5/three.txt': '3' }));
    await execa('git', ['config', 'uploadpack.allowFilter', 'false'], {
      cwd: join(bench.root, 'acme/app.git'),
    });
    const commit = await push({ 'd5/four.txt': '4' });
    await expectWhole((await pulled(commit)).run, commit);
  });
});
