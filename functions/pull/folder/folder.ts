import { shortHash } from '../../shared/artifact.ts';
import { errors, HooklineError } from '../../shared/errors.ts';
import type { Git, Repo } from '../git.ts';

/** A folder of a commit, as the trees above it tell. */
export interface Folder {
  /** from the root of the repository */
  readonly path: string;
  readonly tree: string;
  /** the files of the folders above that say how its files are written */
  readonly attributes: readonly TreeEntry[];
  /** the same only where the folder makes the same files */
  readonly content: string;
}

interface TreeEntry {
  readonly mode: string;
  readonly id: string;
  readonly path: string;
}

/** The filter of a fetch that brings a commit and the trees above a folder, each of which names the next one. */
export function outline(path: string): string {
  return `tree:${path.split('/').length}`;
}

/** The folder at a path of a commit. Throws `FolderMissing`. */
export async function folderOf(git: Git, repo: Repo, commit: string, path: string): Promise<Folder> {
  const above = path.split('/').map((_, depth, names) => [...names.slice(0, depth), '.gitattributes']);
  const paths = [path, ...above.map((names) => names.join('/'))];
  const listed = await git.run(
    ['--literal-pathspecs', 'ls-tree', '-z', '--end-of-options', commit, ...paths],
    {
      repo,
    },
  );
  const entries = listed.split('\0').flatMap(treeEntry);
  const found = entries.find((entry) => entry.path === path);
  if (found?.mode !== '040000')
    throw new HooklineError(
      errors.folderMissing,
      `commit ${commit} has no folder ${JSON.stringify(path)}${found ? ', but a file, a link or a submodule' : ''}; correct \`path\` of the rule's pull, or narrow the rule's match to refs that have the folder`,
    );
  // links among them: git reads the text of one
  const attributes = entries.filter((entry) => entry !== found && /^1[02]0/.test(entry.mode));
  const ways = attributes.map(({ id, path }) => `${id} ${path}`);
  const content = ways.length === 0 ? found.id : `${found.id}-${shortHash(ways.join('\n'))}`;
  return { path, tree: found.id, attributes, content };
}

function treeEntry(line: string): TreeEntry[] {
  const [, mode, id, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
  return mode && id && path ? [{ mode, id, path }] : [];
}
