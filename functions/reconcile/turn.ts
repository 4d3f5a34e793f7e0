import type { KnownRepository } from './known-refs.ts';

/** Where the looks of the schedule stand. */
export interface Turn {
  /** the host that the next run begins with, `""` for the first of all */
  readonly host: string;
  /** by host: the repository that was looked at last, where others of the host follow */
  readonly positions: Readonly<Record<string, string>>;
}

export type NamedRepository = readonly [name: string, known: KnownRepository];

/**
 * The repositories in the order in which the schedule looks at them: host by host, so that one that rests keeps no other
 * waiting, and those of each from where the last look at it ended.
 * @param all in the order of their names
 */
export function inTurn(all: readonly NamedRepository[], { host: first, positions }: Turn): NamedRepository[] {
  const hosts = [...new Set(all.map(([, { host }]) => host))];
  const inOrder = [...hosts.filter((host) => host >= first), ...hosts.filter((host) => host < first)];
  return inOrder.flatMap((host) => {
    const own = all.filter(([, known]) => known.host === host);
    const left = own.filter(([name]) => name > (positions[host] ?? ''));
    return left.length > 0 ? left : own;
  });
}

/**
 * Where the next run begins.
 * @param next the repositories of this run, in turn
 * @param looked the names of those that were looked at
 * @param reached how many of them had their turn: those of hosts that rest among them
 */
export function turnAfter(
  { positions: former }: Turn,
  next: readonly NamedRepository[],
  looked: ReadonlySet<string>,
  reached: number,
): Turn {
  const positions = { ...former };
  for (const [at, [name, { host }]] of next.entries()) {
    if (!looked.has(name)) continue;
    positions[host] = name;
    if (next[at + 1]?.[1].host !== host) delete positions[host];
  }
  return { host: next[reached]?.[1].host ?? '', positions };
}
