import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { errors, HooklineError } from '../shared/errors.ts';
import { fetchSubmodule } from './fetch-submodule.ts';
import type { Git, Repo } from './git.ts';
import { fetchLfs, lfsConfig } from './lfs.ts';
import { progress } from './log.ts';
import type { Access, Remote } from './remote.ts';
import { workRepository } from './repository.ts';
import type { SubmoduleBounds } from './submodule-bounds.ts';
import { submodulesOf } from './submodules.ts';

export interface Checkout {
  readonly git: Git;
  readonly access: Access;
  readonly lfs: boolean;
  /** none when submodules are left out */
  readonly bounds: SubmoduleBounds | undefined;
  /** whether the repository holds one commit alone, as those of submodules always do */
  readonly oneCommit: boolean;
}

/** An empty work tree, into which `fetchCommit` can fetch. */
export async function newWorkTree(git: Git, id: string): Promise<Repo> {
  return workRepository(git, await mkdtemp(join(git.home, 'work-')), id);
}

/**
 * Checks a fetched commit out, detached, so that the work tree with its `.git` is the same from whichever ref it came.
 * The config names the remote and holds no credential; submodules are repositories of their own inside.
 */
export async function checkOut(
  checkout: Checkout,
  repo: Repo,
  remote: Remote,
  commit: string,
  depth = 0,
): Promise<void> {
  const { git, lfs, bounds, oneCommit } = checkout;
  const config = lfs ? lfsConfig(git, remote) : [];
  if (lfs) await fetchLfs(git, repo, remote, commit);
  await git.run(['config', 'remote.origin.url', remote.url], { repo });
  await git.run(['config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'], { repo });
  await git.run(['update-ref', '--no-deref', 'HEAD', commit], { repo });
  await git.run(['read-tree', '-u', '--reset', commit], { repo, config, ...(lfs ? { remote } : {}) });
  // an index without the times and inodes of this machine
  await rm(join(repo.gitDir, 'index'));
  await git.run(['read-tree', commit], { repo });
  await (oneCommit ? packAlike(git, repo) : packAsFetched(git, repo));
  // what a fetch left that broke off, and the object of a delivered tag
  await git.run(['prune', '--expire=now'], { repo });
  if (bounds) await checkOutSubmodules({ ...checkout, bounds }, repo, { parent: remote, commit, depth });
}

/**
 * Packs one commit in the one way that depends on nothing else: a host packs as it finds the objects. Without deltas, whose
 * search takes ten times as long and saves a fifth.
 */
async function packAlike(git: Git, repo: Repo): Promise<void> {
  const how = ['-a', '-d', '-F', '-n', '--window=0'];
  await git.run(['repack', ...how], { repo, config: [['pack.compression', '1']] });
}

/** Into one pack with the host's own deltas: to search those of a whole history again may take hours. */
async function packAsFetched(git: Git, repo: Repo): Promise<void> {
  await git.run(['repack', '-a', '-d'], { repo });
}

async function checkOutSubmodules(
  checkout: Checkout & { readonly bounds: SubmoduleBounds },
  repo: Repo,
  level: { readonly parent: Remote; readonly commit: string; readonly depth: number },
): Promise<void> {
  const { git, access, bounds } = checkout;
  for (const { path, ...submodule } of await submodulesOf(git, repo, { access, bounds, ...level })) {
    progress(`submodule ${path} at ${submodule.commit}`);
    const inner = await workRepository(git, await folderWithin(repo, path), submodule.commit);
    const fetched = await fetchSubmodule(git, inner, submodule, false);
    await checkOut({ ...checkout, oneCommit: true }, inner, submodule.remote, fetched, level.depth + 1);
  }
}

/** The folder of a submodule, made. Throws when a link of the tree leads it out of the work tree. */
async function folderWithin({ workTree = '' }: Repo, path: string): Promise<string> {
  const folder = join(workTree, path);
  await mkdir(folder, { recursive: true });
  if ((await realpath(folder)) === folder && folder.startsWith(workTree + sep)) return folder;
  throw new HooklineError(
    errors.pullFailed,
    `submodule ${JSON.stringify(path)} leads out of its repository; correct its path`,
  );
}
