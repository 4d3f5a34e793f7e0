import { createReadStream } from 'node:fs';
import { open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fetched } from '../content.ts';
import type { Repo } from '../git.ts';
import { keyOf } from '../input.ts';
import { type CommitFacts, factsOf } from '../metadata.ts';
import type { PullContext } from '../pull-context.ts';
import { bareRepository, fetchCommit, fetchObjects } from '../repository.ts';
import { standIn } from '../stand-in.ts';
import { readObject } from '../store.ts';
import { zipTime } from '../zip/time.ts';
import { type Changes, changesBetween } from './changes.ts';
import { gitVersion } from './keep.ts';
import type { KeptObject } from './kept.ts';
import { splice } from './splice.ts';
import { readDirectory, type ZipSource } from './zip-source.ts';

/** A commit that was fetched as far as it differs from the one before, and its artifact's bytes. */
export interface WarmContent {
  readonly fetched: Fetched;
  readonly facts: CommitFacts;
  readonly content: () => AsyncIterable<Buffer>;
}

/** The last second that an entry's extended timestamp holds; see zip/time.ts. */
const LATEST = 2 ** 31 - 1;

/**
 * The artifact of a commit made from the last one of its repository: the host sends what has changed, and all other entries
 * are copied. The bytes are those that `git archive` makes of the whole commit.
 * Throws, of any kind, where that cannot be: whoever calls this makes the artifact from the beginning.
 */
export async function warmContent(work: PullContext, kept: KeptObject, id: string): Promise<WarmContent> {
  const { git, remote, input } = work;
  if (!/^[0-9a-f]{40,64}$/.test(kept.commit) || !Number.isSafeInteger(kept.bytes))
    throw new Error('it names no commit');
  if (kept.git !== (await gitVersion(git))) throw new Error(`it was made by ${kept.git}`);
  const repo = await repositoryOf(work, kept);
  const commit = await fetchCommit(git, repo, remote, id, { filter: 'blob:none' });
  const facts = await factsOf(git, repo, commit);
  if (zipTime(facts.time) !== facts.time || facts.time > LATEST) throw new Error('no zip holds the time');
  const changes = await changesBetween(git, repo, kept.commit, commit);
  await fetchObjects(
    git,
    repo,
    remote,
    [...changes.files, ...changes.attributes].map(({ id }) => id),
  );
  const zip = await zipOfChanges(work, repo, changes, facts.time);
  const earlier = artifactSource(input.bucket, keyOf(input, kept.commit), kept.bytes);
  const { length } = commit;
  const parts = {
    earlier: { source: earlier, directory: await readDirectory(earlier, length), sha256: kept.sha256 },
    changed: { source: zip, directory: await readDirectory(zip, length) },
    isChanged: (path: string) => changes.paths.has(path),
  };
  return {
    fetched: { repo, commit, folder: undefined },
    facts,
    content: () => splice({ ...parts, commit, time: facts.time }),
  };
}

/** A repository that has the kept commit and its trees. Every object is hashed as it is read. */
async function repositoryOf({ git }: PullContext, { commit, pack }: KeptObject): Promise<Repo> {
  const repo = await bareRepository(git, commit);
  await git.run(['index-pack', '--promisor', '--stdin'], { repo, input: pack });
  await writeFile(join(repo.gitDir, 'shallow'), `${commit}\n`);
  // what a fetch says that we have
  await git.run(['update-ref', 'refs/hookline/kept', commit], { repo });
  return repo;
}

/** The changed files as `git archive` writes them, in a file; those of attributes stand beside them. */
async function zipOfChanges(
  { git }: PullContext,
  repo: Repo,
  { files, attributes }: Changes,
  time: number,
): Promise<ZipSource> {
  const env = { GIT_INDEX_FILE: join(repo.gitDir, 'changes'), GIT_WORK_TREE: git.home };
  const lines = [...files, ...attributes].map(({ mode, id, path }) => `${mode} ${id}\t${path}\0`).join('');
  await git.run(['update-index', '--add', '-z', '--index-info'], {
    repo,
    env,
    input: Buffer.from(lines, 'latin1'),
  });
  const made = await standIn(git, repo, { env, parts: [] }, time);
  const path = join(repo.gitDir, 'changes.zip');
  const file = await open(path, 'w');
  try {
    for await (const chunk of git.stream(['archive', '--format=zip', '-1', '--end-of-options', made], {
      repo,
    }))
      await file.write(chunk);
  } finally {
    await file.close();
  }
  const { size } = await stat(path);
  return { size, read: (start, end) => readFilePart(path, start, end) };
}

async function* readFilePart(path: string, start: number, end: number): AsyncGenerator<Buffer> {
  if (start < end) yield* createReadStream(path, { start, end: end - 1 });
}

const artifactSource = (bucket: string, key: string, size: number): ZipSource => ({
  size,
  read: (start, end) => readObject(bucket, key, start, end),
});
