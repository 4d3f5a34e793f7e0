import type { Git } from '../git.ts';
import { commitAt, type RefChange, type Refs, ZERO } from './refs.ts';

// A webhook of GitHub holds no more.
const MAX_COMMITS = 2048;

/** The commits that a change of a ref brought to the repository. */
export interface CommitRange {
  /** oldest first */
  readonly ids: readonly string[];
  /** those among them, and the head, that no ref held before */
  readonly distinct: ReadonlySet<string>;
  /** the commit that the ref is at now */
  readonly head: string | undefined;
  readonly forced: boolean;
}

/**
 * @param before the refs before the push
 * @param announced the objects that earlier events of the same push have announced
 */
export async function commitRangeOf(
  git: Git,
  folder: string,
  change: RefChange,
  before: Refs,
  announced: readonly string[],
): Promise<CommitRange> {
  const [from, head] = await Promise.all([
    commitAt(git, folder, change, change.before),
    commitAt(git, folder, change, change.after),
  ]);
  if (head === undefined) return { ids: [], distinct: new Set(), head, forced: false };
  const knownObjects = [...new Set([...before.values(), ...announced])];
  const list = (exclude: readonly string[]): Promise<string[]> =>
    revisions(git, folder, [head, ...exclude.map((object) => `^${object}`)]);
  const fresh = await list(knownObjects);
  const idsOfBranch = (): string[] | Promise<string[]> =>
    change.before === ZERO || knownObjects.every((object) => object === change.before)
      ? fresh
      : list([change.before]);
  const ids = change.kind === 'tag' ? [] : await idsOfBranch();
  const forced =
    from !== undefined && (await git.find(folder, 'merge-base', '--is-ancestor', from, head)) === undefined;
  return { ids, distinct: new Set(fresh), head, forced };
}

async function revisions(git: Git, folder: string, wanted: readonly string[]): Promise<string[]> {
  const out = await git.feed(
    folder,
    wanted,
    'rev-list',
    '--stdin',
    '--topo-order',
    '--reverse',
    `--max-count=${MAX_COMMITS}`,
  );
  return out === '' ? [] : out.split('\n');
}
