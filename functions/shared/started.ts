import * as z from 'zod';
import { firstName } from '../../events/rule-name.ts';
import type { State } from '../../statemachine/payloads.ts';
import { isOlder, mergedPlace, type PlacedCommit, placedCommitSchema } from './order.ts';
import { readRecord } from './ref-record.ts';

/** The variables that CodePipeline is asked with. */
export const variablesSchema = z.array(z.object({ name: z.string(), value: z.string() }));

const startSchema = z.object({
  /** the first name of the rule */
  rule: z.string(),
  commit: z.string(),
  /** by whose name CodePipeline was asked: who asks again by it is answered the same */
  executionArn: z.string(),
  /** the pipeline execution's id, `""` until the start is certain */
  executionId: z.string(),
  replayName: z.string(),
  /** the fencing token of the delivery */
  token: z.number(),
  /** whose token that is; another release has recorded none */
  counter: z.string().optional(),
  /** ISO time at which the host told of the commit */
  time: z.string().default(''),
  /** by the options of the pull: what the commit has in the folder that the rule takes, `""` for all of it */
  content: z.string().default(''),
  /** what CodePipeline was asked with, while the start is not certain; another release has recorded none */
  variables: variablesSchema.optional(),
});

const startedSchema = placedCommitSchema.extend({
  /** what the rules started, the last of all at the end, also of commits before this one */
  starts: z.array(startSchema).default([]),
  /** what stood here before a start that is not certain yet */
  get replaced() {
    return startedSchema.optional();
  },
});

const startsSchema = z.object({
  /** by pipeline: the newest commit of the ref that it was started on, or was about to be */
  started: z.record(z.string(), startedSchema).default({}),
});

export type Start = z.infer<typeof startSchema>;
export type Started = z.infer<typeof startedSchema>;

/** What a pipeline was last started on for this ref. Throws `Misconfigured`. */
export async function readStarted(id: string, pipeline: string): Promise<Started | undefined> {
  return (await readRecord(id, startsSchema)).started[pipeline];
}

/**
 * The start of the pipeline that this delivery would only repeat: its rule's, on the same commit. A replay is deliberate,
 * so that it repeats only what was started under its own name (I3).
 */
export function repeated(
  started: Started | undefined,
  { rule, replayName }: Pick<State, 'rule' | 'replayName'>,
  commit: string,
): Start | undefined {
  const starts = started?.starts.filter(
    (start) =>
      start.rule === firstName(rule) &&
      start.commit === commit &&
      (replayName === '' || start.replayName === replayName),
  );
  // A replay that is about to start the pipeline once more hides no start that is certain.
  return starts?.findLast(({ executionId }) => executionId !== '') ?? starts?.at(-1);
}

/**
 * The last start of the rule, where it was of the same folder as this one and is certain. A replay is deliberate, and
 * repeats no start of another commit.
 */
export function startOfFolder(
  started: Started | undefined,
  { rule, replayName }: Pick<State, 'rule' | 'replayName'>,
  content: string,
): Start | undefined {
  const last = started?.starts.findLast((start) => start.rule === firstName(rule));
  const same = content !== '' && replayName === '' && last?.content === content;
  return same && last.executionId !== '' ? last : undefined;
}

/**
 * Whether a start was made before the last look-up that found the ref gone. Tokens of two counters cannot be compared: a start by
 * other options of the pull counts as one before. One without a counter counts as one by the same.
 */
export const isBeforeGone = (start: Start, gone: number, counter: string): boolean =>
  gone > 0 && ((start.counter ?? counter) !== counter || start.token < gone);

/** How many starts are kept: somebody may still tell of one of them again. */
const KEPT = 20;

/** How many records that were replaced are kept: so many starts in a row broke off. DynamoDB takes 400 KB an item. */
const REPLACED = 10;

/**
 * The record with a start. While the start of the newest commit is not certain, what stood there before is kept: if
 * the start is refused, that record comes back, with every start that was made meanwhile (I10).
 */
export function withStart(held: Started | undefined, placed: PlacedCommit, start: Start): Started {
  if (held && isOlder(placed, held)) {
    const standing = { ...held, starts: added(held.starts, start) };
    return isCertain(held) ? standing : { ...standing, replaced: withStart(held.replaced, placed, start) };
  }
  const newest = newestOf(held, placed);
  const starts = added(newest.starts, start);
  return { ...newest, starts, replaced: start.executionId ? undefined : upTo(REPLACED, newest.replaced) };
}

/** The record without a start that CodePipeline has refused, `undefined` when nothing is left of the record. */
export function withoutStart(held: Started | undefined, start: Start): Started | undefined {
  if (!held) return undefined;
  const starts = held.starts.filter((other) => !same(other, start));
  const replaced = withoutStart(held.replaced, start);
  const stands = start.commit !== held.commit || starts.some(({ commit }) => commit === held.commit);
  return stands ? { ...held, starts, replaced } : replaced;
}

/** The record with a commit as its newest. What was started on it before the ref had another one counts no more. */
export function newestOf(held: Started | undefined, placed: PlacedCommit): Started {
  if (held?.commit === placed.commit) return { ...held, ...mergedPlace(placed, held) };
  const starts = held?.starts.filter(({ commit }) => commit !== placed.commit) ?? [];
  // The variables of all of them may be more than an item takes: `replaced` keeps those of its own commit.
  return { ...placed, starts: starts.map(withoutVariables), replaced: held };
}

/**
 * What is kept once the pipeline is deleted: by what a late telling is known to be an older commit's, or one that was started
 * before. The starts of older commits go, as a ref may have any number of requests.
 */
export const withoutOlder = ({ replaced: _, ...held }: Started): Started => ({
  ...held,
  starts: held.starts
    .filter((start, at, all) => start.commit === held.commit || !all.slice(at + 1).some(isOfRule(start)))
    .map(withoutVariables),
});

const isOfRule =
  ({ rule }: Start) =>
  (other: Start): boolean =>
    other.rule === rule;

export const withoutVariables = ({ variables: _, ...start }: Start): Start => start;

const isCertain = (held: Started): boolean =>
  held.starts.some(({ commit, executionId }) => commit === held.commit && executionId !== '');

const added = (starts: readonly Start[], start: Start): Start[] =>
  [...starts.filter((other) => !same(other, start)), start].slice(-KEPT);

const same = (one: Start, other: Start): boolean =>
  one.executionArn === other.executionArn && one.rule === other.rule && one.commit === other.commit;

function upTo(depth: number, held: Started | undefined): Started | undefined {
  return held && depth > 0 ? { ...held, replaced: upTo(depth - 1, held.replaced) } : undefined;
}
