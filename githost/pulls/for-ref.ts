import type { Git } from '../git.ts';
import type { Repository } from '../repositories.ts';

/** A push to `refs/for/BASE/TOPIC`, as in `refs/for/main/fix`, is a pull request of the branch TOPIC into BASE. */
const FOR = 'refs/for/';

/** What a push asks for: a request of `topic` into `base`, at a commit. */
export interface ForRef {
  readonly ref: string;
  readonly base: string;
  readonly topic: string;
  readonly sha: string;
}

// What git says of a branch that it cannot have beside another one, and of what is no commit.
const NO_BRANCH = /exists; cannot create|non-commit object/;

/**
 * What pushes have asked for and has not been opened yet. Each topic becomes a branch at its commit; one that git makes no
 * branch of is dropped, so that it keeps nobody else from pushing.
 */
export async function takeForRefs(git: Git, repository: Repository): Promise<ForRef[]> {
  const { folder } = repository;
  const listed = await git.run(folder, 'for-each-ref', '--format=%(objectname) %(refname)', FOR);
  const heads = await git.run(folder, 'for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads');
  const branches = heads.split('\n').sort((one, other) => other.length - one.length);
  const found = (listed === '' ? [] : listed.split('\n')).flatMap((line) => {
    const space = line.indexOf(' ');
    const ref = line.slice(space + 1);
    const rest = ref.slice(FOR.length);
    const base = branches.find((branch) => rest.startsWith(`${branch}/`));
    return base === undefined
      ? []
      : { ref, base, topic: rest.slice(base.length + 1), sha: line.slice(0, space) };
  });
  const taken: ForRef[] = [];
  for (const asked of found) {
    try {
      await git.run(folder, 'update-ref', `refs/heads/${asked.topic}`, asked.sha);
      taken.push(asked);
    } catch (error) {
      if (!NO_BRANCH.test(String(error))) throw error;
      process.emitWarning(`a push to ${asked.ref} opens no pull request: ${String(error)}`);
      await dropForRef(git, repository, asked);
    }
  }
  return taken;
}

export const dropForRef = (git: Git, { folder }: Repository, { ref }: ForRef): Promise<string> =>
  git.run(folder, 'update-ref', '-d', ref);
