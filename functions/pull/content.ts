import { checkOut } from './checkout.ts';
import type { Repo } from './git.ts';
import { fetchLfs, lfsConfig } from './lfs.ts';
import { mergeSubmodules } from './merge.ts';
import { factsOf } from './metadata.ts';
import type { Work } from './work.ts';
import { zipFolder } from './zip/folder.ts';

/** A commit in a local repository. */
export interface Fetched {
  readonly repo: Repo;
  readonly commit: string;
}

/**
 * The bytes of a commit's artifact, each rule option on its own path, made while they are read.
 * @returns a function, since bytes that were read can only be made again
 */
export async function contentOf(work: Work, fetched: Fetched): Promise<() => AsyncIterable<Buffer>> {
  return work.input.options.git ? workTreeZip(work, fetched) : archive(work, fetched);
}

async function workTreeZip({ git, access, remote, input }: Work, { repo, commit }: Fetched) {
  const { time } = await factsOf(git, repo, commit);
  const { lfs, submodules } = input.options;
  await checkOut({ git, access, lfs, submodules }, repo, remote, commit);
  return () => zipFolder(repo.workTree ?? repo.gitDir, time);
}

async function archive({ git, access, remote, input }: Work, { repo, commit }: Fetched) {
  const { lfs, submodules } = input.options;
  if (lfs) await fetchLfs(git, repo, remote, commit);
  const whole = submodules ? await mergeSubmodules({ git, repo, access, lfs }, remote, commit) : commit;
  const options = lfs ? { repo, remote, config: lfsConfig(git, remote) } : { repo };
  return () => git.stream(['archive', '--format=zip', fastest, '--end-of-options', whole], options);
}

/** Deflate is 85 % of an archive's time: level 1 saves a fifth of it for a tenth more bytes (bench/). */
const fastest = '-1';
