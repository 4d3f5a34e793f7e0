import { shortHash } from '../shared/artifact.ts';
import type { Git, Repo } from './git.ts';
import type { Remote } from './remote.ts';
import { withRetries } from './retry.ts';

/** A tag of the host, by its full ref. */
export interface Tag {
  readonly ref: string;
  /** the object that it names: a commit, or an annotated tag */
  readonly id: string;
  /** the same, peeled */
  readonly commit: string;
}

/** Every tag that the host has now, in the order of their names. */
export async function listTags(git: Git, remote: Remote): Promise<Tag[]> {
  const listed = await withRetries(() =>
    git.run(['ls-remote', '--tags', '--end-of-options', remote.url], { remote }),
  );
  const ids = new Map(listed.split('\n').flatMap(refAndId));
  return [...ids]
    .filter(([ref]) => !ref.endsWith('^{}'))
    .map(([ref, id]) => ({ ref, id, commit: ids.get(`${ref}^{}`) ?? id }));
}

function refAndId(line: string): [string, string][] {
  const [id, ref] = line.split('\t');
  return id && ref ? [[ref, id]] : [];
}

/** Differs whenever a tag has come, moved or gone. */
export function tagsHash(tags: readonly Tag[]): string {
  return shortHash(JSON.stringify(tags.map(({ ref, id }) => [ref, id])));
}

/** Fetches those of the tags that name a commit of the repository's history, and makes their refs. */
export async function fetchTags(
  git: Git,
  repo: Repo,
  remote: Remote,
  commit: string,
  tags: readonly Tag[],
): Promise<void> {
  const history = new Set((await git.run(['rev-list', '--end-of-options', commit], { repo })).split('\n'));
  const within = tags.filter((tag) => history.has(tag.commit));
  if (within.length === 0) return;
  const args = [
    'fetch',
    '--quiet',
    '--progress',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
  ];
  // By their ids: a tag that has moved meanwhile is no part of what the artifact's key names.
  const input = within.map(({ id, ref }) => `${id}:${ref}\n`).join('');
  await withRetries(() =>
    git.run([...args, '--stdin', '--end-of-options', remote.url], { repo, remote, input }),
  );
  await git.run(['pack-refs', '--all'], { repo });
}
