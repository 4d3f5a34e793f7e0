import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pullOptionsSchema } from '../../../../events/pull-options.ts';
import { artifactFor } from '../../../../functions/pull/artifact.ts';
import { keptKeyOf } from '../../../../functions/pull/input.ts';
import { keptOf } from '../../../../functions/pull/warm/keep.ts';
import { readKept, writeKept } from '../../../../functions/pull/warm/kept.ts';
import { warmContent } from '../../../../functions/pull/warm/warm.ts';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { stubAwsEnvironment } from '../../../support/functions/aws-environment.ts';
import { type Aws, startAws } from '../../../support/functions/pull-aws.ts';
import { type Here, inputOf, openHere, pushed, writeObject } from '../../../support/functions/pull-here.ts';

let here: Here;
let aws: Aws;
let log: string[];
const KEPT = keptKeyOf(inputOf());

beforeAll(async () => {
  [here, aws] = await Promise.all([openHere(), startAws()]);
  stubAwsEnvironment(aws.endpoint);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([here?.close(), aws?.close()]);
});
beforeEach(() => {
  aws.beforePut = () => {};
  log = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text).trimEnd()) > 0);
  return () => vi.restoreAllMocks();
});

const push = (files: Record<string, string>) => pushed(here.app, files);
const wasWarm = () => log.some((line) => line.startsWith('fetched what '));
/** Makes the artifact of a commit, which is git's own, and says whether it was made from the last one. */
async function made(commit: string): Promise<boolean> {
  log = [];
  const artifact = await artifactFor(here.context(), commit);
  const body = aws.objects.get(artifact.key)?.body;
  expect(body?.equals(await here.app.archive(commit)), log.join('\n')).toBe(true);
  expect(artifact).toMatchObject({ commit, bytes: body?.length });
  return wasWarm() && !log.some((line) => line.startsWith('not made from'));
}
const keptCommit = () => aws.objects.get(KEPT)?.metadata.commit;

describe('an artifact made from the last one of its repository', () => {
  it('has the bytes that git makes, for each change', async () => {
    const first = await push({
      'a/b/c.txt': 'c'.repeat(1000),
      'a/x.txt': 'x',
      'run.sh': 'run',
      'z.txt': 'z',
    });
    expect(await made(first)).toBe(false);
    expect(keptCommit()).toBe(first);
    const changed = await push({ 'a/x.txt': 'y', 'a/new/n.txt': 'n', 'ü.txt': 'ü' });
    expect(await made(changed)).toBe(true);
    expect(keptCommit()).toBe(changed);
    expect(log).toContainEqual(
      expect.stringMatching(new RegExp(`^fetched what ${changed} changes of ${first} in \\d{1,5} ms$`)),
    );
    await here.app.git('rm', '--quiet', '-r', 'a/b', 'a/new', 'z.txt');
    await here.app.git('mv', 'run.sh', 'moved.sh');
    expect(await made(await push({}))).toBe(true);
  });

  it('is found where it is there, and kept again', async () => {
    const commit = await push({ 'found.txt': '1' });
    await made(commit);
    const later = await push({ 'found.txt': '2' });
    await made(later);
    const tag = await here.app
      .git('tag', '-a', '-m', 'one', 'v1', commit)
      .then(() => here.app.git('rev-parse', 'v1'));
    await here.app.git('push', '--quiet', 'origin', 'v1');
    log = [];
    expect(await artifactFor(here.context(), tag)).toMatchObject({ commit });
    expect(log).toContain(`artifact ${await keyOf(commit)} is there already`);
    expect(keptCommit()).toBe(later);
  });

  const keyOf = async (commit: string) => (await artifactFor(here.context(), commit, commit)).key;

  it.each<[string, Record<string, string>]>([
    ['attributes', { '.gitattributes': 'a.txt -text\n' }],
    ['attributes with formats', { '.gitattributes': 'a.txt export-subst\n' }],
  ])('is made from the beginning where %s have changed', async (_, files) => {
    await made(await push({ 'a.txt': '$Format:%H$' }));
    const commit = await push(files);
    expect(await made(commit)).toBe(false);
    expect(log).toContainEqual(
      expect.stringMatching(
        /^not made from the artifact of .*: Error: attributes or submodules have changed/,
      ),
    );
    const isKept = !Object.values(files).join().includes('export-subst');
    expect(keptCommit() === commit).toBe(isKept);
    await here.app.git('rm', '--quiet', '.gitattributes');
    await made(await push({}));
  });

  it('is fetched without the folders that have not changed', async () => {
    const folders = Array.from({ length: 20 }, (_, n) => [`same/${n}/a.txt`, `${n}`]);
    await made(await push({ ...Object.fromEntries(folders), 'one.txt': '1' }));
    const commit = await push({ 'one.txt': '2' });
    const kept = await readKept('bucket', KEPT);
    if (!kept) throw new Error('nothing is kept');
    const { fetched } = await warmContent(here.context(), kept, commit);
    const counted = await here.git.run(['count-objects', '-v'], { repo: fetched.repo });
    const packed = Number(/^in-pack: (\d+)$/m.exec(counted)?.[1]);
    const objectsOf = (pack: Buffer) => pack.readUInt32BE(8);
    // the commit, its tree and the file, and trees that git takes deltas of
    expect(packed - objectsOf(kept.pack)).toBeLessThan(folders.length);
  });

  it('has the attributes of files that were changed', async () => {
    await made(await push({ '.gitattributes': 'left.txt export-ignore\n', 'left.txt': '1' }));
    expect(await made(await push({ 'left.txt': '2', 'in.txt': '2' }))).toBe(true);
  });

  it('has the attributes that a link is, and is not kept where they have formats', async () => {
    const linked = async (text: string, files: Record<string, string>) => {
      await rm(join(here.app.folder, '.gitattributes'), { force: true });
      await symlink(text, join(here.app.folder, '.gitattributes'));
      return push(files);
    };
    await made(await linked('link.txt export-ignore', { 'link.txt': '1' }));
    expect(await made(await push({ 'link.txt': '2', 'in.txt': '3' }))).toBe(true);
    const commit = await linked('link.txt export-subst', { 'link.txt': '$Format:%H$' });
    await made(commit);
    expect(keptCommit()).not.toBe(commit);
    expect(await made(await push({ 'in.txt': '4' }))).toBe(false);
    await here.app.git('rm', '--quiet', '.gitattributes');
  });

  it('is none where what was kept is not of a commit, or of another git', async () => {
    const good = { commit: 'c'.repeat(40), sha256: '00', bytes: 1, git: 'git version 1' };
    const of = (damaged: object) =>
      warmContent(here.context(), { ...good, pack: Buffer.alloc(0), etag: '', ...damaged }, good.commit);
    const commits = ['HEAD', '', `${good.commit}^`, `-${good.commit}`, 'c'.repeat(39), 'c'.repeat(65)];
    for (const damaged of [...commits.map((commit) => ({ commit })), { bytes: 1.5 }, { bytes: Number.NaN }])
      await expect(of(damaged)).rejects.toThrow('it names no commit');
    for (const commit of [good.commit, 'c'.repeat(64)])
      await expect(of({ commit })).rejects.toThrow('it was made by git version 1');
  });

  it('is made from the beginning where the last one is not what it was', async () => {
    await made(await push({ 'k.txt': '1' }));
    const kept = aws.objects.get(KEPT);
    if (!kept) throw new Error('nothing is kept');
    aws.objects.set(KEPT, { ...kept, metadata: { ...kept.metadata, sha256: '00' } });
    const commit = await push({ 'k.txt': '2' });
    expect(await made(commit)).toBe(false);
    expect(log.filter((line) => line.startsWith('not made from'))).toEqual([
      expect.stringMatching(/the earlier artifact is not what it was/),
    ]);
    expect(keptCommit()).toBe(commit);
  });

  it('is made from the beginning where no zip holds the time', async () => {
    await made(await push({ 't.txt': '1' }));
    const tree = await here.app.git('rev-parse', 'HEAD^{tree}');
    const refused: number[] = [];
    for (const time of [1000, 2 ** 31 - 1, 2 ** 31]) {
      const person = `A <a@example.com> ${time} +0000`;
      const text = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nx\n`;
      const commit = writeObject(`${here.app.folder}/.git`, 'commit', text);
      await here.app.git('push', '--quiet', '--force', 'origin', `${commit}:refs/heads/times`);
      log = [];
      await artifactFor(here.context(), commit);
      if (log.some((line) => /^not made from .*: Error: no zip holds the time$/.test(line)))
        refused.push(time);
    }
    expect(refused).toEqual([1000, 2 ** 31]);
  });

  it('is of plain artifacts alone', async () => {
    const commit = await push({ 'p.txt': 'p' });
    const options = pullOptionsSchema.parse({ submodules: true });
    await artifactFor(here.context({ options }), commit);
    expect(aws.objects.has(keptKeyOf(inputOf({ options })))).toBe(false);
  });
});

describe('what is kept for the next pull', () => {
  const kept = { commit: 'c', sha256: 's', bytes: 7, git: 'g' };

  it('is read as it was written, over what was read alone', async () => {
    expect(await readKept('bucket', 'kept/new')).toBeUndefined();
    await writeKept('bucket', 'kept/new', kept, Buffer.from('pack'), undefined);
    const found = await readKept('bucket', 'kept/new');
    expect(found).toEqual({ ...kept, pack: Buffer.from('pack'), etag: expect.stringMatching(/^"\w+"$/) });
    await expect(writeKept('bucket', 'kept/new', kept, Buffer.from('x'), undefined)).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(writeKept('bucket', 'kept/new', kept, Buffer.from('x'), '"other"')).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await writeKept('bucket', 'kept/new', { ...kept, bytes: 8 }, Buffer.from('y'), found?.etag);
    expect(await readKept('bucket', 'kept/new')).toMatchObject({ bytes: 8, pack: Buffer.from('y') });
  });

  it('is of no commit where the object says nothing of one', async () => {
    aws.objects.set('kept/odd', { body: Buffer.from('p'), metadata: {}, versionId: '' });
    expect(await readKept('bucket', 'kept/odd')).toMatchObject({
      ...{ commit: '', sha256: '', bytes: Number.NaN, git: '' },
      pack: Buffer.from('p'),
    });
  });

  it('has 64 MiB at most', async () => {
    const most = 64 * 2 ** 20;
    const lengths: (number | undefined)[] = [];
    for (const length of [most, most + 1]) {
      await writeKept('bucket', `kept/${length}`, kept, Buffer.alloc(length), undefined);
      lengths.push(aws.objects.get(`kept/${length}`)?.body.length);
    }
    expect(lengths).toEqual([most, undefined]);
  });

  it('that cannot be read or written fails no pull', async () => {
    vi.spyOn(aws.objects, 'get').mockImplementation(() => {
      throw new AwsError('AccessDenied', 'no', 403);
    });
    expect(await keptOf(here.context())).toBeUndefined();
    expect(log).toEqual([
      expect.stringMatching(/^what was kept of the last pull cannot be read: AccessDenied/),
    ]);
    vi.mocked(aws.objects.get).mockRestore();
    aws.beforePut = (key) => {
      if (key.startsWith('kept/')) throw new AwsError('AccessDenied', 'no', 403);
    };
    await made(await push({ 'w.txt': 'w' }));
    expect(log).toContainEqual(expect.stringMatching(/^nothing is kept for the next pull: AccessDenied/));
  });
});
