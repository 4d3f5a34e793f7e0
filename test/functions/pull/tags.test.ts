import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareRepository, fetchCommit } from '../../../functions/pull/repository.ts';
import { fetchTags, listTags, tagsHash } from '../../../functions/pull/tags.ts';
import { type Here, openHere, pushed } from '../../support/functions/pull-here.ts';

let here: Here;
/** main's, of which the second is tagged */
let commits: string[];
let annotated: string;
/** on the first of main */
let topic: string;
beforeAll(async () => {
  here = await openHere();
  const { app } = here;
  commits = [await pushed(app, { 'a.txt': '1' }), await pushed(app, { 'a.txt': '2' })];
  await app.git('tag', '-a', '-m', 'one', 'v1');
  await app.git('tag', 'light');
  await app.git('push', '--quiet', 'origin', 'v1', 'light');
  annotated = await app.git('rev-parse', 'v1');
  commits.push(await pushed(app, { 'a.txt': '3' }));
  await app.git('checkout', '--quiet', commits[0] ?? '');
  topic = await pushed(app, { 'topic.txt': '1' }, 'refs/heads/topic');
});
afterAll(() => here?.close());

describe('the tags of a host', () => {
  it('are listed with what they name, and make a hash that is another with each of them', async () => {
    const tags = await listTags(here.git, here.remote);
    expect(tags).toEqual([
      { ref: 'refs/tags/light', id: commits[1], commit: commits[1] },
      { ref: 'refs/tags/v1', id: annotated, commit: commits[1] },
    ]);
    const [light, v1] = tags;
    if (!light || !v1) throw new Error('there are no tags');
    const sets = [tags, [light], [], [{ ...light, id: 'x' }, v1], [{ ...light, ref: 'x' }, v1]];
    const hashes = sets.map(tagsHash);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{12}$/);
    expect(new Set(hashes).size).toBe(sets.length);
    expect(await listTags(here.git, here.access.remote('acme/app'))).toEqual(tags);
  });

  it('are fetched where they name a commit of the history', async () => {
    const { git, remote } = here;
    const tags = [...(await listTags(git, remote)), { ref: 'refs/tags/other', id: topic, commit: topic }];
    const fetched = async (commit = '') => {
      const repo = await bareRepository(git, commit);
      await fetchCommit(git, repo, remote, commit, { depth: 'full' });
      await fetchTags(git, repo, remote, commit, tags);
      const refs = await git.run(['for-each-ref', '--format=%(refname) %(objectname)'], { repo });
      return { repo, refs: refs.trim() };
    };
    expect((await fetched(commits[2])).refs).toBe(`refs/tags/light ${commits[1]}\nrefs/tags/v1 ${annotated}`);
    const { repo, refs } = await fetched(commits[0]);
    expect(refs).toBe('');
    // where no tag is, nothing of the host's default branch comes either
    await expect(git.run(['cat-file', '-e', commits[2] ?? ''], { repo })).rejects.toThrow('cat-file');
  });

  it('of an empty host are none', async () => {
    await here.repository('acme/empty');
    expect(await listTags(here.git, here.access.remote('acme/empty'))).toEqual([]);
  });
});
