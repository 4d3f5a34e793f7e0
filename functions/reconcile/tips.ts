import type { Tip } from './advertised-refs.ts';
import type { KnownRepository } from './known-refs.ts';

/** What is kept of a repository from one look to the next. */
export interface Look {
  /** by ref: the object that was there when the ref was told of, or found as it should be */
  readonly settled: Readonly<Record<string, string>>;
  /** by ref: the object that may not have been told of, `""` for a ref that is gone, and since when (ISO) */
  readonly waiting: Readonly<Record<string, Waiting>>;
}

export interface Waiting {
  readonly id: string;
  readonly since: string;
}

/**
 * Compares what the host has with the look before. A change is not told of at once: its own delivery may be on its way.
 * At the first look only what has a pointer is compared, as nobody wants deliveries of all that was there before.
 */
export function nextLook(
  before: Look | undefined,
  tips: ReadonlyMap<string, Tip>,
  published: KnownRepository['published'],
  now: string,
): Look {
  const settled: Record<string, string> = {};
  const waiting: Record<string, Waiting> = {};
  const wait = (ref: string, id: string): void => {
    const held = own(before?.waiting, ref);
    waiting[ref] = held?.id === id ? held : { id, since: now };
  };
  for (const [ref, { id, commit }] of tips) {
    const isAsBefore = before ? own(before.settled, ref) === id : !published.has(ref);
    if (isAsBefore || isPublished(published.get(ref), commit)) settled[ref] = id;
    else wait(ref, id);
  }
  for (const [ref, commits] of published)
    if (!tips.has(ref)) {
      const isGone = own(before?.settled, ref) === '' || isPublished(commits, '');
      if (!isGone) wait(ref, '');
      else if (!isPublished(commits, '')) settled[ref] = '';
    }
  return { settled, waiting };
}

/** The look once these refs have been told of, or need not be. */
export function settle({ settled, waiting }: Look, refs: readonly string[]): Look {
  const told = refs.map((ref) => [ref, waiting[ref]?.id ?? ''] as const);
  const left = Object.entries(waiting).filter(([ref]) => !refs.includes(ref));
  return { settled: { ...settled, ...Object.fromEntries(told) }, waiting: Object.fromEntries(left) };
}

/** Whether every pointer of a ref shows this commit. */
const isPublished = (commits: ReadonlyMap<string, string> | undefined, commit: string): boolean =>
  commits !== undefined && commits.size > 0 && [...commits.values()].every((each) => each === commit);

const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record && Object.hasOwn(record, name) ? record[name] : undefined;
