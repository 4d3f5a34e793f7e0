import { join } from 'node:path';
import { withoutGrafts } from '../export-subst.ts';
import type { Git, Repo } from '../git.ts';
import { fetchLfs, lfsConfig } from '../lfs.ts';
import type { Merged } from '../merge.ts';
import type { PullContext } from '../pull-context.ts';
import { attributesPattern, standIn } from '../stand-in.ts';
import { zipTime } from '../zip/time.ts';
import { writeZip } from '../zip/writer.ts';
import { fetchFolder } from './fetch.ts';
import type { Folder } from './folder.ts';
import { tarEntries } from './tar.ts';

/**
 * The zip of a folder, which is the zip's root: what `git archive` makes of the commit, without the path in front. So the
 * attributes of the folders above count. git itself can archive a folder so only without them.
 */
export async function folderZip(
  { git, remote, input }: PullContext,
  fetched: { readonly repo: Repo; readonly commit: string; readonly folder: Folder },
  time: number,
): Promise<() => AsyncIterable<Buffer>> {
  const { commit, folder } = fetched;
  const { lfs } = input.options;
  const repo = await fetchFolder(git, fetched.repo, remote, fetched);
  const index = await folderIndex(git, repo, commit, folder);
  const made = await standIn(git, repo, index, zipTime(time), alwaysTaken(folder.path));
  if (lfs) await fetchLfs(git, repo, remote, made);
  const options = { repo, env: withoutGrafts, ...(lfs ? { remote, config: lfsConfig(git, remote) } : {}) };
  const tar = () => git.stream(['archive', '--format=tar', '--end-of-options', made], options);
  return () => writeZip(tarEntries(tar(), folder.path), time, commit);
}

/** An index of the folder and of the attributes above it. */
async function folderIndex(git: Git, repo: Repo, commit: string, folder: Folder): Promise<Merged> {
  // read-tree --prefix insists on a work tree, and does not touch it
  const env = { GIT_INDEX_FILE: join(repo.gitDir, `folder-${commit}`), GIT_WORK_TREE: git.home };
  await git.run(['read-tree', `--prefix=${folder.path}/`, folder.tree], { repo, env });
  const input = folder.attributes.map(({ mode, id, path }) => `${mode} ${id}\t${path}\0`).join('');
  await git.run(['update-index', '--add', '-z', '--index-info'], { repo, env, input });
  return { env, parts: [{ prefix: '', commit }] };
}

/** The rule asks for the folder by its name: an `export-ignore` of it, or of one above, means the whole's archive. */
function alwaysTaken(path: string): string {
  const names = path.split('/');
  return names
    .map((_, depth) => `${attributesPattern(names.slice(0, depth + 1).join('/'))} -export-ignore\n`)
    .join('');
}
