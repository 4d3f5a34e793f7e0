import type { Git } from '../git.ts';

/** The branches and tags of a repository: full name to object id. Other refs have no events. */
export type Refs = ReadonlyMap<string, string>;

export const ZERO = '0'.repeat(40);

/** One ref that a push has moved. `ZERO` stands for a ref that is not there. */
export interface RefChange {
  readonly ref: string;
  readonly kind: 'branch' | 'tag';
  /** `main` of `refs/heads/main` */
  readonly shortName: string;
  readonly before: string;
  readonly after: string;
}

export async function readRefs(git: Git, folder: string): Promise<Refs> {
  const out = await git.run(
    folder,
    'for-each-ref',
    '--format=%(objectname) %(refname)',
    'refs/heads',
    'refs/tags',
  );
  const lines = out === '' ? [] : out.split('\n');
  return new Map(
    lines.map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(space + 1), line.slice(0, space)];
    }),
  );
}

/** The changes between two readings of the refs, by name. */
export function changesOf(before: Refs, after: Refs): RefChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .map((ref) => ({ ref, before: before.get(ref) ?? ZERO, after: after.get(ref) ?? ZERO }))
    .filter((change) => change.before !== change.after)
    .map((change) => ({
      ...change,
      kind: change.ref.startsWith('refs/tags/') ? ('tag' as const) : ('branch' as const),
      shortName: change.ref.replace(/^refs\/(heads|tags)\//, ''),
    }));
}

/** The commit that an object is or, as an annotated tag, stands for; undefined for other objects. */
export async function commitOf(git: Git, folder: string, object: string): Promise<string | undefined> {
  if (object === ZERO) return undefined;
  return git.find(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${object}^{commit}`);
}

/** The commit that a ref was at before or after a change. git lets a branch be at nothing but a commit. */
export async function commitAt(
  git: Git,
  folder: string,
  { kind }: RefChange,
  object: string,
): Promise<string | undefined> {
  if (kind === 'branch') return object === ZERO ? undefined : object;
  return commitOf(git, folder, object);
}
