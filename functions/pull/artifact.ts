import { errors, HooklineError } from '../shared/errors.ts';
import { newWorkTree } from './checkout.ts';
import { contentOf, type Fetched } from './content.ts';
import { fetchOutline } from './folder/fetch.ts';
import { folderOf } from './folder/folder.ts';
import { historyOf, isPlain, keyOf } from './input.ts';
import { megabytes, progress } from './log.ts';
import { madeOnce, waitFor } from './made-once.ts';
import { factsOf, metadataOf } from './metadata.ts';
import type { PullContext } from './pull-context.ts';
import { bareRepository, fetchCommit } from './repository.ts';
import { withRetries } from './retry.ts';
import { type Artifact, findArtifact, putOnce } from './store.ts';
import { fetchTags, listTags, type Tag, tagsHash } from './tags.ts';
import { keepFor, keptOf } from './warm/keep.ts';
import type { KeptObject } from './warm/kept.ts';
import { type WarmContent, warmContent } from './warm/warm.ts';

/** A commit and the artifact that stands for it. */
export interface CommitArtifact extends Artifact {
  readonly commit: string;
}

/** Another writer of the same artifact may fail after it was in our way; more than a few times is no coincidence. */
const attempts = 3;

/**
 * The artifact of a commit, found in S3 or made.
 * @param id the commit, or an annotated tag of it
 * @param peeled the commit when it is known already, so that an artifact that stands there costs no fetch
 * @param earlier keys of artifacts with the same options: of a folder that has not changed since, one of them is taken
 */
export async function artifactFor(
  work: PullContext,
  id: string,
  peeled?: string,
  earlier: readonly string[] = [],
): Promise<CommitArtifact> {
  const tags = historyOf(work.input)?.tags ? await listTags(work.git, work.remote) : undefined;
  const key = (commit: string) => keyOf(work.input, commit, tags && tagsHash(tags));
  const find = () => existingArtifact(work, key(peeled ?? id), peeled ?? id);
  const make = () => newArtifact(work, { id, key, earlier, tags });
  const name = key(peeled ?? id);
  return (await find()) ?? madeOnce({ key: name, find, make, wait: waitFor(name) });
}

interface New {
  /** the commit, or an annotated tag of it */
  readonly id: string;
  readonly key: (commit: string) => string;
  readonly earlier: readonly string[];
  readonly tags: readonly Tag[] | undefined;
}

async function newArtifact(work: PullContext, { id, key, earlier, tags }: New): Promise<CommitArtifact> {
  const kept = isPlain(work.input) ? await keptOf(work) : undefined;
  const warm = kept && (await warmArtifact(work, kept, id));
  if (warm) return warm;
  const fetched = await fetchedCommit(work, id);
  const { commit, repo } = fetched;
  if (commit !== id) {
    const known = await existingArtifact(work, key(commit), commit);
    if (known) return known;
  }
  const same = await sameFolder(work, fetched, earlier);
  if (same) return same;
  if (tags) await fetchTags(work.git, repo, work.remote, commit, tags);
  return makeArtifact(work, fetched, key(commit), kept);
}

/** The artifact made from the last one of the repository; none where it must be made from the beginning. */
async function warmArtifact(
  work: PullContext,
  kept: KeptObject,
  id: string,
): Promise<CommitArtifact | undefined> {
  try {
    const started = Date.now();
    const warm = await warmContent(work, kept, id);
    progress(`fetched what ${id} changes of ${kept.commit} in ${Date.now() - started} ms`);
    const { commit } = warm.fetched;
    const key = keyOf(work.input, commit);
    const artifact = (await existingArtifact(work, key, commit)) ?? (await put(work, warm, key));
    await keepFor(work, warm.fetched, artifact, { kept, checked: true });
    return artifact;
  } catch (error) {
    progress(`not made from the artifact of ${kept.commit}: ${String(error)}`);
    return undefined;
  }
}

async function existingArtifact(
  work: PullContext,
  key: string,
  commit: string,
): Promise<CommitArtifact | undefined> {
  const found = await findArtifact(work.input.bucket, key);
  if (!found) return undefined;
  progress(`artifact ${found.key} is there already`);
  return { ...found, commit };
}

/** An earlier commit's artifact of the folder as it is in this commit. */
async function sameFolder(
  { input }: PullContext,
  { commit, folder }: Fetched,
  earlier: readonly string[],
): Promise<CommitArtifact | undefined> {
  if (!folder) return undefined;
  for (const key of earlier) {
    const found = key === '' ? undefined : await findArtifact(input.bucket, key);
    if (found?.content !== folder.content) continue;
    progress(`${folder.path} is as it was: artifact ${key} stands for ${commit} too`);
    return { ...found, commit };
  }
  return undefined;
}

async function fetchedCommit({ git, input, remote }: PullContext, id: string): Promise<Fetched> {
  const history = historyOf(input);
  const { path } = input.options;
  const started = Date.now();
  const told = () => progress(`fetched ${id} in ${Date.now() - started} ms`);
  if (path !== undefined) {
    const { repo, commit } = await fetchOutline(git, remote, id, path);
    told();
    return { repo, commit, folder: await folderOf(git, repo, commit, path) };
  }
  const repo = history ? await newWorkTree(git, id) : await bareRepository(git, id);
  const commit = await fetchCommit(git, repo, remote, id, { depth: history?.depth });
  told();
  return { repo, commit, folder: undefined };
}

async function makeArtifact(
  work: PullContext,
  fetched: Fetched,
  key: string,
  kept: KeptObject | undefined,
): Promise<CommitArtifact> {
  const facts = await factsOf(work.git, fetched.repo, fetched.commit);
  const content = await contentOf(work, fetched, facts.time);
  const artifact = await put(work, { fetched, facts, content }, key);
  if (isPlain(work.input)) await keepFor(work, fetched, artifact, { kept, checked: false });
  return artifact;
}

/** Writes what `content` makes, once. */
async function put(
  { input }: PullContext,
  { fetched, facts, content }: WarmContent,
  key: string,
): Promise<CommitArtifact> {
  const { commit, folder } = fetched;
  const target = { bucket: input.bucket, key, metadata: metadataOf({ ...input, commit }, facts, folder) };
  for (let attempt = 0; attempt < attempts; attempt++) {
    const started = Date.now();
    const artifact = await withRetries(() => putOnce(target, content()));
    if (!artifact) continue;
    progress(`artifact ${artifact.key}: ${megabytes(artifact.bytes)} in ${Date.now() - started} ms`);
    return { ...artifact, commit };
  }
  throw new HooklineError(
    errors.pullFailed,
    `artifact ${target.key} was refused ${attempts} times for another writer; run it again`,
  );
}
