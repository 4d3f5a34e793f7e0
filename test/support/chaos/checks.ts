import { buffer } from 'node:stream/consumers';
import { listArtifacts, openArtifact } from '../../../operate/deliveries/artifacts.ts';
import { FAILURES, outcomes, REFUSED, unreported } from '../../../statemachine/outcomes.ts';
import { hasEnded, type Look } from './look.ts';
import { type Sent, type Trees, tipOf, treeOf } from './sender.ts';
import type { Alive } from './survivor.ts';

/** What is wrong after a run, in words; nothing is what ought to be. */
export interface Wrong {
  /** accepted deliveries without an outcome, or with one that a kill has made of it */
  readonly lost: readonly string[];
  /** pipelines that were started again for the same commit */
  readonly twice: readonly string[];
  /** artifacts that are not `git archive` of their commit, and pointers that are not that of the host's commit */
  readonly torn: readonly string[];
}

export async function wrongOf(alive: Alive, seen: Look, sent: Sent, trees: Trees): Promise<Wrong> {
  const torn = [...(await tornArtifacts(alive, seen, trees)), ...(await tornPointers(alive, sent, trees))];
  return { lost: [...lost(seen, sent), ...unbuilt(seen, sent)], twice: twice(seen, sent), torn };
}

const FAILED: readonly string[] = [...FAILURES, ...REFUSED, ...Object.values(unreported)];

function lost({ accepted, rows }: Look, { ends, stopped }: Sent): string[] {
  return [...accepted].flatMap((id) => {
    const found = rows.get(id)?.filter(hasEnded) ?? [];
    if (found.length === 0) return [`${id} has no outcome`];
    const end = ends.get(id);
    const isRight = (outcome: string): boolean =>
      (end === undefined ? !FAILED.includes(outcome) : outcome === end) ||
      // A person may come when the outcome is on record already.
      (outcome === outcomes.stopped && stopped.has(id));
    return found
      .filter(({ outcome }) => !isRight(outcome))
      .map(({ outcome, message }) => `${id} ended in ${outcome}: ${message}`);
  });
}

/** The newest commit of a ref with a pipeline is built (I10). */
function unbuilt({ rows, pipelines }: Look, { refs }: Sent): string[] {
  const started = new Set(pipelines.map(({ id }) => id));
  const all = [...rows.values()].flat();
  return [...refs.values()].flatMap(({ repository, ref, commits }) => {
    const newest = commits.at(-1);
    if (repository !== 'hookline/demo' || !newest) return [];
    const built = all.some(
      ({ commit, pipelineExecutionId }) => commit === newest && started.has(pipelineExecutionId),
    );
    return built ? [] : [`${newest} of ${ref} was never built`];
  });
}

/** Nothing of a fork starts a pipeline but what was approved. Told however often, a commit is started once for each time that a ref came to it or somebody approved it. */
function twice({ rows, pipelines }: Look, { refs, approved }: Sent): string[] {
  const built = [...refs.values()].filter(({ repository }) => !repository.startsWith('mallory/'));
  const moves = [...approved, ...built.flatMap(({ commits }) => commits)];
  const commits = new Map([...rows.values()].flat().map(({ versionId, commit }) => [versionId, commit]));
  const started = pipelines.flatMap(({ pipeline, revision }) => {
    const commit = commits.get(revision);
    return commit ? [{ commit, what: `${pipeline} on ${commit}` }] : [];
  });
  const wanted = (commit: string): number => moves.filter((each) => each === commit).length;
  const times = (what: string): number => started.filter((each) => each.what === what).length;
  const repeated = started.filter(({ commit, what }) => times(what) > wanted(commit));
  return [...new Set(repeated.map(({ what }) => what))].map(
    (what) => `${what} was started ${times(what)} times`,
  );
}

async function tornArtifacts({ connection }: Alive, { rows }: Look, trees: Trees): Promise<string[]> {
  const stored = [...rows.values()].flat().filter(({ artifactKey }) => artifactKey !== '');
  const once = [...new Map(stored.map((row) => [row.artifactKey, row])).values()];
  const torn = await Promise.all(
    once.map(async ({ artifactKey, repository }) => {
      const commit = COMMIT.exec(artifactKey)?.[0] ?? '';
      const wanted = await treeOf(trees, repository)?.archive(commit);
      const { body } = await openArtifact(connection, artifactKey);
      return wanted?.equals(await buffer(body)) ? [] : [`${artifactKey} is not git archive of its commit`];
    }),
  );
  return torn.flat();
}

const COMMIT = /[0-9a-f]{40}(?=\.zip$)/;

async function tornPointers(alive: Alive, { refs }: Sent, trees: Trees): Promise<string[]> {
  const torn = await Promise.all(
    [...refs.values()].map(async ({ repository, ref }) => {
      const tree = treeOf(trees, repository);
      if (!tree) return [];
      const tip = await tipOf(alive, tree, repository, ref);
      const key = await pointerAt(alive, repository, ref);
      if (tip === '') return key === undefined ? [] : [`${key} is there, and ${ref} is gone`];
      if (key === undefined) return [`${repository} ${ref} has no pointer`];
      const { body } = await openArtifact(alive.connection, key);
      return (await tree.archive(tip)).equals(await buffer(body)) ? [] : [`${key} is not ${tip}`];
    }),
  );
  return torn.flat();
}

async function pointerAt(
  { connection }: Alive,
  repository: string,
  ref: string,
): Promise<string | undefined> {
  let cursor: string | undefined;
  do {
    const page = await listArtifacts(connection, `localhost/${repository}/`, cursor);
    const found = page.artifacts.find(({ key }) => key.endsWith(`/${ref}.zip`));
    if (found) return found.key;
    cursor = page.cursor;
  } while (cursor);
  return undefined;
}
