import * as z from 'zod';
import type { State } from '../../statemachine/payloads.ts';
import { isOlder, type Told, together, toldSchema } from './order.ts';
import { readRecord } from './ref-record.ts';

const startSchema = z.object({
  rule: z.string(),
  commit: z.string(),
  /** by whose name CodePipeline was asked: who asks again by it is answered the same */
  executionArn: z.string(),
  /** the pipeline execution's id, `""` until the start is certain */
  executionId: z.string(),
  replayName: z.string(),
  /** the fencing token of the delivery */
  token: z.number(),
});

const standingSchema = toldSchema.extend({
  /** what the rules started, the last of all at the end, also of commits before this one */
  starts: z.array(startSchema).default([]),
});

const startedSchema = standingSchema.extend({
  /** what stood here before a start that is not certain yet */
  replaced: standingSchema.optional(),
});

const startsSchema = z.object({
  /** by pipeline: the newest commit of the ref that it was started on, or was about to be */
  started: z.record(z.string(), startedSchema).default({}),
});

export type Start = z.infer<typeof startSchema>;
export type Started = z.infer<typeof startedSchema>;

/**
 * The id of the record of what was started for a ref, in the Refs table. Rules of other pull options share it, because
 * they may start the same pipeline; no pointer's key is like it.
 */
export function startsId(host: string, fullName: string, ref: string): string {
  return `pipelines of ${host}/${fullName} ${ref}`;
}

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
  return started?.starts.findLast(
    (start) =>
      start.rule === rule.name &&
      start.commit === commit &&
      (replayName === '' || start.replayName === replayName),
  );
}

/** How many starts are kept: somebody may still tell of one of them again. */
const KEPT = 20;

/** What stands in the record while the pipeline is started: that it may have been, whoever dies. */
export function withStart({ replaced: _, ...standing }: Started, start: Start): Started {
  const others = standing.starts.filter((other) => !same(other, start));
  return { ...standing, starts: [...others, start].slice(-KEPT) };
}

/**
 * What stands in the record with the start of a commit before its newest. While the newest's own start is not certain,
 * what comes back if it is refused knows of the older start too: else the older commit would start again (I10).
 */
export function withOlderStart(held: Started, told: Told, start: Start): Started {
  const certain = held.starts.some(({ commit, executionId }) => commit === held.commit && executionId !== '');
  const standing = withStart(held, start);
  if (certain) return standing;
  const { replaced } = held;
  const behind = replaced && isOlder(told, replaced) ? replaced : newestOf(replaced, told);
  return { ...standing, replaced: withStart(behind, start) };
}

/** What stands in the record when CodePipeline has refused a start that was about to be made. */
export function withoutStart(started: Started, start: Start): Started | undefined {
  const starts = started.starts.filter((other) => !same(other, start));
  return starts.some(({ commit }) => commit === started.commit) ? { ...started, starts } : started.replaced;
}

const same = (one: Start, other: Start): boolean =>
  one.executionArn === other.executionArn && one.rule === other.rule && one.commit === other.commit;

/** The record with a commit as its newest. What was started on it before the ref had another one counts no more. */
export function newestOf(held: Started | undefined, told: Told): Started {
  if (held?.commit === told.commit) return { ...held, ...together(told, held) };
  const starts = held?.starts.filter(({ commit }) => commit !== told.commit) ?? [];
  return { ...told, starts, replaced: held };
}
