import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { gitEnvironment } from '../../../functions/pull/git-environment.ts';
import { bareRepository } from '../../../functions/pull/repository.ts';
import { type Here, openHere, treeEntry, writeObject } from '../../support/functions/pull-here.ts';

const PERSON = 'Odd <odd@example.com> 1700000000 +0000';

describe('the environment of a git', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('is its own, but for how to find programs and the way out of the network', () => {
    const passed = {
      PATH: '/bin',
      HTTPS_PROXY: 'p1',
      https_proxy: 'p2',
      NO_PROXY: 'n1',
      no_proxy: 'n2',
      SSL_CERT_FILE: 'f',
      SSL_CERT_DIR: 'd',
    };
    for (const [name, value] of Object.entries({ ...passed, GIT_TOKEN: 's', AWS_SECRET_ACCESS_KEY: 's' }))
      vi.stubEnv(name, value);
    const env = gitEnvironment('/home', ['https', 'ssh'], [['x.y', 'z']]);
    const count = Number(env.GIT_CONFIG_COUNT);
    expect([env[`GIT_CONFIG_KEY_${count - 1}`], env[`GIT_CONFIG_VALUE_${count - 1}`]]).toEqual(['x.y', 'z']);
    const rest = Object.entries(env).filter(([name]) => !/^GIT_CONFIG_(KEY|VALUE|COUNT)/.test(name));
    expect(Object.fromEntries(rest)).toEqual({
      ...passed,
      HOME: '/home',
      XDG_CONFIG_HOME: '/home/.config',
      TMPDIR: '/home',
      LC_ALL: 'C',
      TZ: 'UTC',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_ATTR_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: 'https:ssh',
    });
    expect(gitEnvironment('/home', [], []).GIT_ALLOW_PROTOCOL).toBe('none');
  });

  it('holds no variable that the build has not', () => {
    vi.stubEnv('NO_PROXY', '');
    expect(gitEnvironment('/home', [], [])).not.toHaveProperty('NO_PROXY');
  });
});

describe('a git of the pull', () => {
  let here: Here;
  beforeAll(async () => {
    here = await openHere();
  });
  afterAll(() => here?.close());

  it('runs no hooks, follows no redirects, keeps no logs and does nothing in the background', async () => {
    const listed = await here.git.run(['config', '--list', '--name-only']);
    const { git } = here;
    const settings = await Promise.all(
      listed
        .trim()
        .split('\n')
        .filter((name) => !name.startsWith('fetch.fsck.'))
        .map(async (name) => [name, (await git.run(['config', name])).trim()]),
    );
    expect(Object.fromEntries(settings)).toEqual({
      'core.hookspath': '/dev/null',
      'core.logallrefupdates': 'false',
      'http.followredirects': 'false',
      'http.lowspeedlimit': '1',
      'http.lowspeedtime': '60',
      'gc.auto': '0',
      'maintenance.auto': 'false',
      'fetch.writecommitgraph': 'false',
      'init.defaultbranch': 'main',
      'advice.detachedhead': 'false',
      'fetch.fsckobjects': 'true',
    });
  });

  const write = (type: string, content: string | Buffer) =>
    writeObject(fileURLToPath(here.remote.url), type, content);
  const treeOf = (mode: string, name: string, id: string) => write('tree', treeEntry(mode, name, id));
  const commitOf = (tree: string, people = `author ${PERSON}\ncommitter ${PERSON}\n`, message = 'Odd') =>
    write('commit', `tree ${tree}\n${people}\n${message}\n`);
  const fetch = async (...ids: string[]) => {
    const repo = await bareRepository(here.git, ids[0] ?? '');
    const args = ['fetch', '--quiet', '--no-tags', here.remote.url, ...ids];
    return here.git.run(args, { repo, remote: here.remote });
  };

  it('takes the lines about people and dates that git finds fault with, as hosts do', async () => {
    const tree = write('tree', '');
    const authors = [
      // badDate, zeroPaddedDate, badName, badTimezone, missingNameBeforeEmail
      PERSON.replace('17', 'x7'),
      PERSON.replace('17', '07'),
      'O>dd <odd@example.com> 1700000000 +0000',
      PERSON.replace('+0000', '+051800'),
      '<odd@example.com> 1700000000 +0000',
      // missingSpaceBeforeDate, missingSpaceBeforeEmail, multipleAuthors
      'Odd <odd@example.com>1700000000 +0000',
      'Odd<odd@example.com> 1700000000 +0000',
      `${PERSON}\nauthor ${PERSON}`,
      // badDateOverflow, badEmail, missingEmail
      PERSON.replace('1700000000', '99999999999999999999'),
      'Odd <odd <x> @example.com> 1700000000 +0000',
      'Odd 1700000000 +0000',
    ];
    await fetch(
      ...authors.map((author) => commitOf(tree, `author ${author}\ncommitter ${PERSON}\n`)),
      // missingAuthor, missingCommitter, nulInCommit
      commitOf(tree, `committer ${PERSON}\n`),
      commitOf(tree, `author ${PERSON}\n`),
      commitOf(tree, undefined, 'a\0b'),
    );
  });

  it('takes old modes, the tags of old gits and long lines of attributes, as hosts do', async () => {
    const blob = write('blob', 'a');
    const commit = commitOf(treeOf('040000', 'folder', treeOf('100644', 'a.txt', blob)));
    const attributes = write('blob', `a ${'x'.repeat(3000)}\n`);
    const tag = (lines: string) => write('tag', `object ${commit}\ntype commit\n${lines}\nOdd\n`);
    await fetch(
      commit,
      commitOf(treeOf('100644', '.gitattributes', attributes)),
      // missingTaggerEntry, badTagName
      tag('tag v\n'),
      tag(`tag v 1\ntagger ${PERSON}\n`),
    );
  });

  it('refuses a tree that would be written beside its folder', async () => {
    const commit = commitOf(treeOf('40000', '..', treeOf('100644', 'a.txt', write('blob', 'a'))));
    await expect(fetch(commit)).rejects.toMatchObject({ name: 'ObjectRefused' });
  });
});
