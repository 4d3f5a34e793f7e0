import type { Tip } from './advertised-refs.ts';
import type { KnownRepository } from './known-refs.ts';

/** What is kept of a repository from one look to the next. */
export interface Look {
  /** by ref: the object that was there when the ref was told of, or found as it should be */
  readonly settled: Readonly<Record<string, string>>;
  /** by ref: the object that may not have been told of, `""` for a ref that is gone, and since when (ISO) */
  readonly waiting: Readonly<Record<string, Waiting>>;
  /** by ref: the commits of its pointers that were not the host's; a look of an earlier release has none */
  readonly others?: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface Waiting {
  readonly id: string;
  readonly since: string;
  /** the object that was settled there before, where one was */
  readonly before?: string | undefined;
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
  const others: Record<string, string[]> = {};
  const wait = (ref: string, id: string, isNew: boolean): void => {
    const held = own(before?.waiting, ref);
    const last = isNew ? undefined : (held?.before ?? own(before?.settled, ref));
    waiting[ref] = held?.id === id ? held : { id, since: now, ...(last && { before: last }) };
  };
  for (const ref of new Set([...tips.keys(), ...published.keys()])) {
    const { id, commit } = tips.get(ref) ?? { id: '', commit: '' };
    const pointers = [...(published.get(ref)?.values() ?? [])];
    const strange = pointers.filter((pointer) => pointer !== commit);
    if (strange.length > 0) others[ref] = strange;
    // A pointer that moved away from what is there is behind, also where it has been told of before.
    const isAsBefore = before
      ? own(before.settled, ref) === id && areAsBefore(strange, ref, before)
      : id !== '' && pointers.length === 0;
    // Its deletion was told of since.
    const isNew = strange.includes('') && !own(before?.others, ref)?.includes('');
    if (!isAsBefore && !(pointers.length > 0 && strange.length === 0)) wait(ref, id, isNew);
    else if (id !== '' || strange.length > 0) settled[ref] = id;
  }
  return { settled, waiting, others };
}

/** The look once these refs have been told of, or need not be. */
export function settle({ settled, waiting, ...look }: Look, refs: readonly string[]): Look {
  const told = refs.map((ref) => [ref, waiting[ref]?.id ?? ''] as const);
  const left = Object.entries(waiting).filter(([ref]) => !refs.includes(ref));
  return {
    ...look,
    settled: { ...settled, ...Object.fromEntries(told) },
    waiting: Object.fromEntries(left),
  };
}

const areAsBefore = (pointers: readonly string[], ref: string, { others }: Look): boolean =>
  others === undefined || pointers.every((pointer) => own(others, ref)?.includes(pointer));

const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record && Object.hasOwn(record, name) ? record[name] : undefined;
