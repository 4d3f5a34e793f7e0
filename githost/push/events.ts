import type { Git } from '../git.ts';
import { createPayload, deletePayload, type PushContext, pushPayload } from '../payload/events.ts';
import { commitRangeOf } from './commit-range.ts';
import { readCommits } from './commits.ts';
import { changesOf, commitAt, type RefChange, type Refs, ZERO } from './refs.ts';

/** An event to be delivered. */
export interface HostEvent {
  readonly name: 'push' | 'create' | 'delete';
  readonly payload: object;
}

// GitHub sends no event about any tag of a push that has more tags than this.
const MAX_TAGS = 3;

/** The events of a push in the order GitHub sends them: `create` before its `push`, `delete` after. */
export async function eventsOf(
  git: Git,
  folder: string,
  before: Refs,
  after: Refs,
  context: PushContext,
): Promise<HostEvent[]> {
  const changes = changesOf(before, after);
  const withoutManyTags = (some: readonly RefChange[]): readonly RefChange[] =>
    some.filter(({ kind }) => kind === 'tag').length > MAX_TAGS
      ? some.filter(({ kind }) => kind !== 'tag')
      : some;
  const created = new Set(withoutManyTags(changes.filter((change) => change.before === ZERO)));
  const deleted = new Set(withoutManyTags(changes.filter((change) => change.after === ZERO)));
  const pushed = new Set(withoutManyTags(changes));
  const events: HostEvent[] = [];
  const announced: string[] = [];
  for (const change of changes) {
    if (created.has(change)) events.push({ name: 'create', payload: createPayload(change, context) });
    if (pushed.has(change)) {
      const payload = await pushEvent(git, folder, change, { before, after, announced }, context);
      events.push({ name: 'push', payload });
    }
    if (deleted.has(change)) events.push({ name: 'delete', payload: deletePayload(change, context) });
    if (change.after !== ZERO) announced.push(change.after);
  }
  return events;
}

async function pushEvent(
  git: Git,
  folder: string,
  change: RefChange,
  { before, after, announced }: { before: Refs; after: Refs; announced: readonly string[] },
  context: PushContext,
): Promise<object> {
  const html = context.repository.html_url;
  const { ids, distinct, head, forced } = await commitRangeOf(git, folder, change, before, announced);
  const commits = await readCommits(git, folder, ids, distinct, html);
  const unread = head === undefined || ids.includes(head) ? [] : [head];
  const more = await readCommits(git, folder, unread, distinct, html);
  const headCommit = [...commits, ...more].find(({ id }) => id === head) ?? null;
  const baseRef = await baseBranchOf(git, folder, change, after, context.repository.default_branch);
  return pushPayload(change, { forced, baseRef, commits, head: headCommit }, context);
}

/** The branch that a new ref begins at: the default branch before others. */
async function baseBranchOf(
  git: Git,
  folder: string,
  change: RefChange,
  after: Refs,
  defaultBranch: string,
): Promise<string | null> {
  if (change.before !== ZERO || change.after === ZERO) return null;
  const commit = await commitAt(git, folder, change, change.after);
  const bases = [...after].filter(
    ([ref, object]) => object === commit && ref.startsWith('refs/heads/') && ref !== change.ref,
  );
  const preferred = bases.find(([ref]) => ref === `refs/heads/${defaultBranch}`) ?? bases[0];
  return preferred?.[0] ?? null;
}
