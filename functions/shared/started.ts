import * as z from 'zod';
import { type Told, together, toldSchema } from './order.ts';
import { readRecord } from './ref-record.ts';
import type { State } from './state.ts';

const startSchema = z.object({
  executionArn: z.string(),
  /** the pipeline execution's id */
  executionId: z.string(),
  replayName: z.string(),
  /** the fencing token of the delivery that started it */
  token: z.number(),
});

const certainSchema = toldSchema.extend({
  /** by rule: its start of the pipeline on this commit, once that is certain */
  by: z.record(z.string(), startSchema).default({}),
  /** what was started before, each a rule and a commit (`builtBefore`) */
  older: z.array(z.string()).default([]),
});

const startedSchema = certainSchema.extend({
  /** the execution that is about to start it: it may have done so and died */
  starting: z.string().optional(),
  /** what stood here before that, and stands here again when nothing is started */
  replaced: certainSchema.optional(),
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
  const start = started?.commit === commit ? started.by[rule.name] : undefined;
  return start && (replayName === '' || start.replayName === replayName) ? start : undefined;
}

/** How many of the commits before the newest are kept: somebody may still tell of one of them again. */
const OLDER_KEPT = 50;

const nameOf = (rule: string, commit: string): string => `${rule} ${commit}`;

/** Whether a rule started the pipeline on a commit that is not the newest any more. */
export function builtBefore(started: Started | undefined, rule: string, commit: string): boolean {
  return started?.older.includes(nameOf(rule, commit)) ?? false;
}

/** What stands in the record once a rule has started the pipeline on an older commit. */
export function withOlder(started: Started, rule: string, commit: string): Started {
  return { ...started, older: [...started.older, nameOf(rule, commit)].slice(-OLDER_KEPT) };
}

/** What stands in the record while an execution starts the pipeline for a rule, on a commit not older than `held`. */
export function beginning(
  held: Started | undefined,
  told: Told,
  { executionArn, rule }: { executionArn: string; rule: string },
): Started {
  if (held?.commit !== told.commit)
    return { ...following(held, told), starting: executionArn, replaced: held };
  const { [rule]: _own, ...by } = held.by;
  return {
    ...held,
    ...together(told, held),
    by,
    starting: executionArn,
    replaced: beforeStart(held, executionArn),
  };
}

/** What stood in the record before an execution was about to start the pipeline. */
export function beforeStart(held: Started | undefined, executionArn: string): Started | undefined {
  return held?.starting === executionArn ? held.replaced : held;
}

function following(held: Started | undefined, told: Told): Started {
  const names = Object.keys(held?.by ?? {}).map((rule) => nameOf(rule, held?.commit ?? ''));
  return { ...told, by: {}, older: [...(held?.older ?? []), ...names].slice(-OLDER_KEPT) };
}

/** What stands in the record once a rule has started the pipeline for certain. */
export function begun(
  { starting: _, replaced: __, ...started }: Started,
  rule: string,
  start: Start,
): Started {
  return { ...started, by: { ...started.by, [rule]: start } };
}
