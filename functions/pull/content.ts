import { checkOut } from './checkout.ts';
import { withoutGrafts } from './export-subst.ts';
import type { Folder } from './folder/folder.ts';
import { folderZip } from './folder/zip.ts';
import type { Repo } from './git.ts';
import { isOneCommit } from './input.ts';
import { fetchLfs, lfsConfig } from './lfs.ts';
import { indexOf, mergeSubmodules } from './merge.ts';
import type { PullContext } from './pull-context.ts';
import { asCommit, standIn } from './stand-in.ts';
import { boundsOf } from './submodule-bounds.ts';
import { zipFolder } from './zip/folder.ts';
import { zipTime } from './zip/time.ts';

/** A commit in a local repository. */
export interface Fetched {
  readonly repo: Repo;
  readonly commit: string;
  /** the part of the commit that the rule takes, of which the repository may have no more than its place; none for all of it */
  readonly folder: Folder | undefined;
}

/**
 * The bytes of a commit's artifact, each rule option on its own path, made while they are read.
 * @param time the commit's, epoch seconds
 * @returns a function, since bytes that were read can only be made again
 */
export async function contentOf(
  work: PullContext,
  fetched: Fetched,
  time: number,
): Promise<() => AsyncIterable<Buffer>> {
  const { repo, commit, folder } = fetched;
  if (folder) return folderZip(work, { repo, commit, folder }, time);
  return work.input.options.git ? workTreeZip(work, fetched, time) : archive(work, fetched, time);
}

async function workTreeZip(
  { git, access, remote, input }: PullContext,
  { repo, commit }: Fetched,
  time: number,
) {
  const { lfs, submodules } = input.options;
  const bounds = boundsOf(submodules, input.repository);
  await checkOut({ git, access, lfs, bounds, oneCommit: isOneCommit(input) }, repo, remote, commit);
  return () => zipFolder(repo.workTree ?? repo.gitDir, time);
}

async function archive({ git, access, remote, input }: PullContext, { repo, commit }: Fetched, time: number) {
  const { lfs, submodules } = input.options;
  if (lfs) await fetchLfs(git, repo, remote, commit);
  const options = { repo, env: withoutGrafts, ...(lfs ? { remote, config: lfsConfig(git, remote) } : {}) };
  const zip = (id: string) =>
    git.stream(['archive', '--format=zip', fastest, '--end-of-options', id], options);
  const bounds = boundsOf(submodules, input.repository);
  if (!bounds && zipTime(time) === time) return () => zip(commit);
  const merged = bounds
    ? await mergeSubmodules({ git, repo, access, bounds, lfs }, remote, commit)
    : await indexOf(git, repo, commit);
  const made = await standIn(git, repo, merged, zipTime(time));
  return () => asCommit(zip(made), made, commit);
}

/** Deflate is 85 % of an archive's time: level 1 saves a fifth of it for a tenth more bytes (bench/). */
const fastest = '-1';
