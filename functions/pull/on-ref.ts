import { fetchPart } from './fetch-part.ts';
import type { Git } from './git.ts';
import { progress } from './log.ts';
import type { PullContext } from './pull-context.ts';
import type { Remote } from './remote.ts';
import { isUnreachable } from './replica.ts';
import { bareRepository, fetchCommit } from './repository.ts';
import type { Tip } from './tip.ts';

/**
 * How many generations of commits before the tip are looked at, in one fetch each. A delivered commit is most often a few
 * behind; ten thousand of them are some megabytes, as no tree comes along.
 */
const DEPTHS = [100, 1000, 10_000];

/**
 * Whether the delivered commit is the tip of its ref or one before it. A host serves any commit by its id: of every branch,
 * of a pull request, and GitHub of every fork. So a payload may name one that nobody has pushed to the ref.
 */
export async function isOnRef({ git, remote, input }: PullContext, tip: Tip): Promise<boolean> {
  const { delivered, ref } = input;
  if (delivered === undefined || delivered === tip.id || delivered === tip.commit) return true;
  const commit = ref.startsWith('refs/tags/') ? await peeled(git, remote, delivered) : delivered;
  if (commit === undefined) return false;
  const repo = await bareRepository(git, tip.id);
  for (const depth of DEPTHS) {
    progress(`looking for ${commit} in ${depth} generations before ${tip.commit}`);
    await fetchPart(git, repo, remote, tip.id, { filter: 'tree:0', depth });
    const history = await git.run(['rev-list', '--end-of-options', tip.commit], { repo });
    if (history.split('\n').includes(commit)) return true;
    const shallow = await git.run(['rev-parse', '--is-shallow-repository'], { repo });
    if (shallow.trim() !== 'true') return false;
  }
  return false;
}

/** The commit of a delivered tag; none when the host has the tag no more. */
async function peeled(git: Git, remote: Remote, id: string): Promise<string | undefined> {
  try {
    return await fetchCommit(git, await bareRepository(git, id), remote, id);
  } catch (error) {
    if (isUnreachable(error)) return undefined;
    throw error;
  }
}
