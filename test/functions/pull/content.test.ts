import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { pullOptionsSchema } from '../../../events/pull-options.ts';
import { contentOf } from '../../../functions/pull/content.ts';
import { withoutGrafts } from '../../../functions/pull/export-subst.ts';
import { lfsConfig } from '../../../functions/pull/lfs.ts';
import { mergeSubmodules } from '../../../functions/pull/merge.ts';
import { factsOf } from '../../../functions/pull/metadata.ts';
import { bareRepository, fetchCommit } from '../../../functions/pull/repository.ts';
import { type Here, openHere, pushed, writeObject } from '../../support/functions/pull-here.ts';
import type { Repository } from '../../support/repository.ts';
import { readZip, readZipBytes } from '../../support/zip.ts';

const PERSON = 'Ann <ann@example.com>';
/** what a file says, and what git archive makes of it: a format per commit, one of UTF-8, and what is none */
const FORMATS = 'a $Format:%H$ b $Format:%an: ü %s$ \xe9 $Format:%H$\n$Format $Format:\n';
const filled = (commit: string, subject: string) =>
  FORMATS.replaceAll('$Format:%H$', commit).replace('$Format:%an: ü %s$', `Ann: ü ${subject}`);

let here: Here;
beforeAll(async () => {
  here = await openHere();
  await here.app.commit({ 'first.txt': '' });
});
afterAll(() => here?.close());
afterEach(() => void vi.restoreAllMocks());

/** A commit on HEAD, of its tree with these links, at a time, pushed. */
async function committed(
  { git, folder }: Repository,
  {
    time = 1_700_000_000,
    subject = 'Subject',
    links = {},
  }: { time?: number; subject?: string; links?: Record<string, string> },
): Promise<string> {
  const gitDir = join(folder, '.git');
  for (const [path, id] of Object.entries(links))
    await git('update-index', '--add', '--cacheinfo', `160000,${id},${path}`);
  const [tree, parent] = [await git('write-tree'), await git('rev-parse', 'HEAD')];
  const commit = writeObject(
    gitDir,
    'commit',
    `tree ${tree}\nparent ${parent}\nauthor ${PERSON} 1700000000 +0000\ncommitter ${PERSON} ${time} +0000\n\n${subject}\n`,
  );
  await git('push', '--quiet', '--force', 'origin', `${commit}:refs/heads/main`);
  return commit;
}

/** The artifact of a commit, as the options make it. */
async function artifact(commit: string, options: object = {}): Promise<Buffer> {
  const work = here.context({ options: pullOptionsSchema.parse(options) });
  const repo = await bareRepository(here.git, commit);
  await fetchCommit(here.git, repo, here.remote, commit);
  const { time } = await factsOf(here.git, repo, commit);
  const content = await contentOf(work, { repo, commit, folder: undefined }, time);
  return buffer(content());
}

const module = (path: string, url: string) => `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n`;

const FILES = {
  'formats.txt': FORMATS,
  'other.txt': FORMATS,
  'run.sh': '$Format:%H$',
  'ü.txt': '$Format:%P$',
  'left-out.txt': 'x',
  '.gitattributes':
    'formats.txt export-subst\nrun.sh export-subst\nü.txt export-subst\nleft-out.txt export-ignore\n',
};

describe('an artifact', () => {
  it('is what git archive makes of the commit', async () => {
    const commit = await pushed(here.app, FILES);
    expect((await artifact(commit)).equals(await here.app.archive(commit))).toBe(true);
  });

  it('has the content of LFS from the host, where the rule takes it', async () => {
    const lib = await pushed(await here.repository('acme/media'), FILES);
    await here.app.commit({ ...FILES, '.gitmodules': module('m', 'https://git.example.com/acme/media.git') });
    const commit = await committed(here.app, { links: { m: lib } });
    const { git, remote } = here;
    const fetched: string[] = [];
    const run = git.run.bind(git);
    vi.spyOn(git, 'run').mockImplementation(async (args, options) => {
      if (args[0] !== 'lfs') return run(args, options);
      fetched.push(`${args.join(' ')} of ${options?.remote?.url}`);
      return '';
    });
    const stream = vi.spyOn(git, 'stream');
    const archived = async (options: object) => {
      await artifact(commit, options);
      return stream.mock.lastCall;
    };
    const args = ['archive', '--format=zip', '-1', '--end-of-options', commit];
    expect(await archived({})).toEqual([args, { repo: expect.anything(), env: withoutGrafts }]);
    await archived({ submodules: true });
    expect(fetched).toEqual([]);
    expect(await archived({ lfs: true })).toMatchObject([args, { remote, config: lfsConfig(git, remote) }]);
    const own = `lfs fetch origin ${commit} of ${remote.url}`;
    expect(fetched.splice(0)).toEqual([own]);
    await archived({ lfs: true, submodules: true });
    expect(fetched).toEqual([own, `lfs fetch origin ${lib} of ${here.access.remote('acme/media').url}`]);
    await here.app.git('rm', '--quiet', '--cached', 'm');
    await here.app.git('rm', '--quiet', '.gitmodules');
  });

  it('of a commit before the clock of zips is the same at the first time that they can have', async () => {
    const parent = await here.app.commit(FILES);
    const commit = await committed(here.app, { time: 1000, subject: 'Old' });
    const zip = await artifact(commit);
    const files = await readZip(zip);
    expect([...files.keys()]).toEqual([
      '.gitattributes',
      'first.txt',
      'formats.txt',
      'other.txt',
      'run.sh',
      'ü.txt',
    ]);
    expect(files.get('formats.txt')?.body.toString()).toBe(filled(commit, 'Old'));
    expect(files.get('other.txt')?.body.toString()).toBe(FORMATS);
    expect(files.get('ü.txt')?.body.toString()).toBe(parent);
    expect(files.get('run.sh')).toEqual({ mode: 0o100755, body: Buffer.from(commit) });
    for (const { time } of await readZipBytes(zip))
      expect(time.toISOString()).toBe('1980-01-01T00:00:00.000Z');
    expect(zip.subarray(-40).toString()).toBe(commit);
    expect((await artifact(commit)).equals(zip)).toBe(true);
  });

  it('of such a commit has its formats substituted after git has converted the file, as in any other', async () => {
    const converting = await here.repository('acme/converting');
    const format = 'a $Id$\n$Format:%B$\nü $Format:%an$\n';
    const utf16 = Buffer.from(`\ufeff${format}`, 'utf16le');
    await writeFile(join(converting.folder, 'utf16.txt'), utf16);
    await converting.commit({
      'id.txt': format,
      'sub/crlf.txt': format,
      'sub/one line.txt': '$Format:%B$',
      'odd "[x]*\\\nü?.txt': format,
      '.gitattributes':
        '* export-subst\n*.txt ident\nodd* eol=crlf\nutf16.txt text working-tree-encoding=UTF-16\n',
      'sub/.gitattributes': '*.txt text eol=crlf\n',
    });
    const commit = await committed(converting, { time: 1000, subject: 'Subject\n\nbody\nmore' });
    await converting.git('push', '--quiet', here.remote.url, `${commit}:refs/heads/converting`);
    const texts = async (zip: Buffer) =>
      [...(await readZip(zip))].map(([path, { body }]) => [path, body.toString('latin1')]);
    const git = await texts(await converting.archive(commit));
    expect(Object.fromEntries(git)['sub/one line.txt']).toBe('Subject\n\nbody\nmore\n');
    expect(await texts(await artifact(commit))).toEqual(git);
  });

  it('without a format is made so too', async () => {
    const plain = await here.repository('acme/plain');
    await pushed(plain, { 'a.txt': 'a', '.gitattributes': 'b export-subst\n' });
    const commit = await committed(plain, { time: 1000 });
    await plain.git('push', '--quiet', here.remote.url, `${commit}:refs/heads/plain`);
    expect([...(await readZip(await artifact(commit))).keys()]).toEqual(['.gitattributes', 'a.txt']);
  });

  it('holds submodules and theirs, each with the formats of its own commit', async () => {
    const [inner, lib] = [await here.repository('acme/inner'), await here.repository('acme/lib')];
    await inner.commit(FILES);
    const deep = await committed(inner, { subject: 'Inner' });
    await lib.commit({ ...FILES, '.gitmodules': module('deep', 'https://git.example.com/acme/inner.git') });
    const middle = await committed(lib, { subject: 'Lib', links: { deep } });
    await here.app.commit({
      ...FILES,
      '.gitmodules': module('libs/ü', 'https://git.example.com/acme/lib.git'),
    });
    const commit = await committed(here.app, { subject: 'App', links: { 'libs/ü': middle } });
    const log: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text).trimEnd()) > 0);
    const files = await readZip(await artifact(commit, { submodules: true }));
    expect(log).toEqual([`submodule libs/ü at ${middle}`, `submodule libs/ü/deep at ${deep}`]);
    const texts = ['formats.txt', 'libs/ü/formats.txt', 'libs/ü/deep/formats.txt', 'libs/ü/deep/other.txt'];
    expect(texts.map((path) => files.get(path)?.body.toString())).toEqual([
      filled(commit, 'App'),
      filled(middle, 'Lib'),
      filled(deep, 'Inner'),
      FORMATS,
    ]);
    expect(files.has('libs/ü/left-out.txt')).toBe(false);
    expect((await readZip(await artifact(commit))).has('libs/ü/formats.txt')).toBe(false);
    const depths: number[] = [];
    const none = () => undefined;
    const bounds = {
      check: none,
      checkElsewhere: none,
      count: (_: number, depth: number) => void depths.push(depth),
    };
    const { git, access, remote } = here;
    const repo = await bareRepository(git, commit);
    await fetchCommit(git, repo, remote, commit);
    await mergeSubmodules({ git, repo, access, bounds, lfs: false }, remote, commit);
    expect(depths).toEqual([1, 2, 3]);
  });
});
