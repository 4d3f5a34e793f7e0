import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Host, hostsSchema } from '../../../events/hosts.ts';
import type { Access } from '../../../functions/pull/remote.ts';
import { boundsOf } from '../../../functions/pull/submodule-bounds.ts';
import { submodulesOf } from '../../../functions/pull/submodules.ts';
import { type Here, openHere, treeEntry, writeObject } from '../../support/functions/pull-here.ts';

const LINK = '5'.repeat(40);
const PERSON = 'A <a@example.com> 1700000000 +0000';
const { git: host } = hostsSchema.parse({
  git: {
    provider: 'github',
    url: 'https://git.example.com/base',
    ssh: 'ssh://git@ssh.example.com:2222/srv/',
  },
});

let here: Here;
beforeAll(async () => {
  here = await openHere();
});
afterAll(() => here?.close());

/** Commits `.gitmodules` and links at these paths, and returns their submodules. */
async function submodules(
  gitmodules: string | undefined,
  paths: readonly (string | Buffer)[],
  {
    from = ['**', 'https://**'],
    known = host,
    depth = 0,
    more = [],
  }: { from?: string[]; known?: Host | undefined; more?: readonly Buffer[]; depth?: number } = {},
) {
  const { app, git } = here;
  const gitDir = join(app.folder, '.git');
  const entries = paths.map((path) => treeEntry('160000', path, LINK));
  const file =
    gitmodules === undefined
      ? []
      : [treeEntry('100644', '.gitmodules', writeObject(gitDir, 'blob', gitmodules))];
  const tree = writeObject(gitDir, 'tree', Buffer.concat([...file, ...more, ...entries]));
  const commit = writeObject(gitDir, 'commit', `tree ${tree}\nauthor ${PERSON}\ncommitter ${PERSON}\n\nx\n`);
  if (!known) throw new Error('there is no host');
  const access: Access = {
    host: known,
    base: known.url,
    remote: (fullName) => ({
      url: `own:${fullName}`,
      protocol: 'https',
      config: [],
      env: {},
      credential: '',
    }),
  };
  const bounds = boundsOf({ from }, { fullName: 'acme/app' });
  if (!bounds) throw new Error('there are no bounds');
  const parent = { ...here.remote, url: `${known.url}/acme/app.git` };
  return submodulesOf(git, { gitDir }, { access, bounds, parent, commit, depth });
}
const section = (path: string, url: string, more = '') =>
  `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n${more}`;
const leadsTo = async (url: string) =>
  (await submodules(section('m', url), ['m'])).map(({ remote }) => remote.url);

describe('the submodules of a commit', () => {
  it('are none without .gitmodules, as git has it', async () => {
    expect(await submodules(undefined, ['m'])).toEqual([]);
  });

  it('are its links, each with its commit and the way to it', async () => {
    const file = `${section('a/b', '../lib.git')}${section('not there', '../x')}[other]\n\tkey = value\n`;
    const [found, ...others] = await submodules(file, ['a/b']);
    expect(others).toEqual([]);
    expect(found).toEqual({
      path: 'a/b',
      commit: LINK,
      remote: expect.objectContaining({ url: 'own:acme/lib' }),
    });
  });

  it('are none of a file or a section that has their form in its name', async () => {
    const file = `${section('m', '../lib')}[xsubmodule "m"]\n\turl = ../evil\n`;
    const named = treeEntry(
      '100644',
      `a\n160000 commit ${LINK}\tm`,
      writeObject(join(here.app.folder, '.git'), 'blob', 'x'),
    );
    const found = await submodules(file, ['m'], { more: [named] });
    expect(found.map(({ remote }) => remote.url)).toEqual(['own:acme/lib']);
  });

  it('are left out by `update = none`, and by nothing else', async () => {
    const file = section('a', '../x', '\tupdate = none\n') + section('b', '../y', '\tupdate = rebase\n');
    expect((await submodules(file, ['a', 'b'])).map(({ path }) => path)).toEqual(['b']);
  });

  it('fail without a url, and with a path that is no UTF-8', async () => {
    await expect(submodules('[submodule "m"]\n\tpath = m\n', ['m'])).rejects.toThrow(
      'submodule "m" has no url in .gitmodules; add it, or remove the entry',
    );
    await expect(submodules(section('m', '../x'), [Buffer.from('m\xff', 'latin1')])).rejects.toThrow(
      'the path of submodule "m\ufffd" is not UTF-8; rename it, or set `submodules: false`',
    );
  });

  it('are counted, with how deep they are', async () => {
    await expect(submodules(section('m', '../x'), ['m'], { depth: 5 })).rejects.toMatchObject({
      name: 'SubmoduleLimit',
    });
    expect(await submodules(section('m', '../x'), ['m'], { depth: 4 })).toHaveLength(1);
  });

  it('are none that the rule does not let in', async () => {
    await expect(submodules(section('m', '../../evil/x'), ['m'], { from: ['acme/*'] })).rejects.toMatchObject(
      {
        name: 'SubmoduleNotAllowed',
      },
    );
    await expect(
      submodules(section('m', 'https://other.example/x'), ['m'], { from: ['**'] }),
    ).rejects.toMatchObject({ name: 'SubmoduleNotAllowed' });
  });
});

describe('the url of a submodule', () => {
  it('that is of the host in any form leads to the configured address', async () => {
    const urls = {
      '../lib': 'acme/lib',
      '../../other/lib.git': 'other/lib',
      './lib.git/': 'acme/app.git/lib',
      'https://git.example.com/base/acme/lib.git': 'acme/lib',
      'http://GIT.example.com/base/acme/lib/': 'acme/lib',
      'https://user:word@git.example.com/base/acme/lib//': 'acme/lib',
      'https://git.example.com/other/lib': 'other/lib',
      'https://git.example.com/basement/lib': 'basement/lib',
      'git://git.example.com/base/acme/lib.git': 'acme/lib',
      'ssh://git@ssh.example.com:2222/srv/acme/lib.git': 'acme/lib',
      'ssh://git@git.example.com/srv/acme/lib': 'acme/lib',
      'git@ssh.example.com:acme/lib.git': 'acme/lib',
      'git@Git.Example.com:/srv/acme/lib.git': 'acme/lib',
      'git@ssh.example.com:srv/acme/lib.git.git': 'acme/lib.git',
      'ssh.example.com:acme/lib': 'acme/lib',
      'git@ssh.example.com:acme./lib': 'acme./lib',
      'https://git.example.com//base/acme/lib': 'acme/lib',
    };
    const names = Object.keys(urls).map((_, n) => `m${String(n).padStart(2, '0')}`);
    const file = Object.keys(urls).map((url, n) => section(names[n] ?? '', url));
    const found = await submodules(file.join(''), names);
    expect(Object.keys(urls).map((url, n) => [url, found[n]?.remote.url])).toEqual(
      Object.entries(urls).map(([url, name]) => [url, `own:${name}`]),
    );
  });

  it('that is of a host at the root of its address leads there', async () => {
    const { root } = hostsSchema.parse({ root: { provider: 'github', url: 'https://root.example' } });
    const file = section('a', 'https://root.example/acme/lib') + section('b', 'git@root.example:acme/lib');
    const found = await submodules(file, ['a', 'b'], { known: root });
    expect(found.map(({ remote }) => remote.url)).toEqual(['own:acme/lib', 'own:acme/lib']);
  });

  it.each([
    'https://other.example/acme/lib',
    'https://git.example.com.evil.example/base/acme/lib',
    'https://git.example.com:444/base/acme/lib',
  ])('%s is of another, and has nothing of ours', async (url) => {
    expect(await leadsTo(url)).toEqual([url]);
  });

  it.each([
    'ssh://git@evil.example/acme/lib',
    'git://ssh.example.com/acme/lib',
    'git@evil.example:acme/lib',
    'file:///srv/acme/lib',
    'ext::sh -c x',
    '"git@ssh.example.com:acme/lib\\nx"',
    '/srv/acme/lib',
    'xhttps://git.example.com/base/acme/lib',
    'httpsx://git.example.com/base/acme/lib',
    'lib',
  ])('%s is refused', async (url) => {
    await expect(leadsTo(url)).rejects.toMatchObject({ name: 'HostUnknown' });
  });
});
