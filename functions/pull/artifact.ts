import { errors, HooklineError } from '../shared/errors.ts';
import { newWorkTree } from './checkout.ts';
import { contentOf, type Fetched } from './content.ts';
import { historyOf, keyOf } from './input.ts';
import { megabytes, progress } from './log.ts';
import { factsOf, metadataOf } from './metadata.ts';
import type { PullContext } from './pull-context.ts';
import { bareRepository, fetchCommit } from './repository.ts';
import { withRetries } from './retry.ts';
import { type Artifact, findArtifact, putOnce } from './store.ts';
import { fetchTags, listTags, tagsHash } from './tags.ts';

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
 */
export async function artifactFor(work: PullContext, id: string, peeled?: string): Promise<CommitArtifact> {
  const tags = historyOf(work.input)?.tags ? await listTags(work.git, work.remote) : undefined;
  const key = (commit: string) => keyOf(work.input, commit, tags && tagsHash(tags));
  const known = await existingArtifact(work, key(peeled ?? id), peeled ?? id);
  if (known) return known;
  const fetched = await fetchedCommit(work, id);
  const { commit, repo } = fetched;
  if (commit !== id) {
    const known = await existingArtifact(work, key(commit), commit);
    if (known) return known;
  }
  if (tags) await fetchTags(work.git, repo, work.remote, commit, tags);
  return makeArtifact(work, fetched, key(commit));
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

async function fetchedCommit({ git, input, remote }: PullContext, id: string): Promise<Fetched> {
  const history = historyOf(input);
  const repo = history ? await newWorkTree(git, id) : await bareRepository(git, id);
  const started = Date.now();
  const commit = await fetchCommit(git, repo, remote, id, history?.depth);
  progress(`fetched ${id} in ${Date.now() - started} ms`);
  return { repo, commit };
}

async function makeArtifact(work: PullContext, fetched: Fetched, key: string): Promise<CommitArtifact> {
  const { input, git } = work;
  const { commit, repo } = fetched;
  const facts = await factsOf(git, repo, commit);
  const target = {
    bucket: input.bucket,
    key,
    metadata: metadataOf({ ...input, commit }, facts),
  };
  const content = await contentOf(work, fetched, facts.time);
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
