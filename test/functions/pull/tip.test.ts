import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRef, lookUp } from '../../../functions/pull/tip.ts';
import { type Here, openHere, pushed } from '../../support/functions/pull-here.ts';

let here: Here;
beforeAll(async () => {
  here = await openHere();
});
afterAll(() => here?.close());

describe('a ref', () => {
  it('is one that git takes, or is refused by its name', async () => {
    await checkRef(here.git, 'refs/heads/a/b');
    await expect(checkRef(here.git, 'refs/heads/a..b')).rejects.toMatchObject({
      name: 'RefInvalid',
      message: 'ref "refs/heads/a..b" is not one that git takes; rename it',
      cause: expect.objectContaining({ status: 1 }),
    });
    await expect(checkRef(here.git, '--upload-pack=x')).rejects.toMatchObject({ name: 'RefInvalid' });
  });

  it('is not called wrong where git could not be asked', async () => {
    const { git } = here;
    const gone = Object.assign(Object.create(Object.getPrototypeOf(git)), { home: '/nowhere' });
    await expect(checkRef(gone, 'refs/heads/main')).rejects.toMatchObject({ name: 'PullFailed' });
  });

  it('is found with the object that it names and its commit, and with none of a like name', async () => {
    const { app, git, remote } = here;
    const commit = await pushed(app, { 'a.txt': 'a' });
    await pushed(app, { 'b.txt': 'b' }, 'refs/heads/x/refs/heads/main');
    await app.git('tag', '-a', '-m', 'one', 'v1', commit);
    await app.git('push', '--quiet', 'origin', 'v1', `${commit}:refs/pull/1/head`);
    const tag = await app.git('rev-parse', 'v1');
    const find = (ref: string) => lookUp(git, remote, ref);
    expect(await find('refs/heads/main')).toEqual({ id: commit, commit });
    expect(await find('refs/tags/v1')).toEqual({ id: tag, commit });
    expect(await find('refs/pull/1/head')).toEqual({ id: commit, commit });
    expect(await find('refs/heads/gone')).toBeUndefined();
    expect(await find('heads/main')).toBeUndefined();
  });

  it.each([
    ['refs/heads/main', ['--heads']],
    ['refs/tags/v1', ['--tags']],
    ['refs/pull/1/heads', []],
    ['refs/x/refs/heads/main', []],
    ['refs/x/refs/tags/v1', []],
  ])('%s is asked for among its kind: %j', async (ref, kinds) => {
    const asked: string[][] = [];
    const git = Object.assign(Object.create(here.git), {
      run: async (args: string[]) => asked.push(args) && '',
    });
    await lookUp(git, here.remote, ref);
    const ending = ['--end-of-options', here.remote.url, ref, `${ref}^{}`];
    expect(asked).toEqual([['ls-remote', ...kinds, ...ending]]);
  });
});
