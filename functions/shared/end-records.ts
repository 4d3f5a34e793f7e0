import * as z from 'zod';
import { firstName } from '../../events/rule-name.ts';
import type { State } from '../../statemachine/payloads.ts';
import { errors, HooklineError } from './errors.ts';
import { change, readRecord } from './ref-record.ts';
import { variablesSchema } from './started.ts';

const endSchema = z.object({
  /** by whose name CodePipeline was asked */
  owner: z.string(),
  /** the pipeline execution's id, `""` until it is known that it was started */
  executionId: z.string(),
  /** the commit that it runs on, `""` for none */
  commit: z.string().default(''),
  /** the key of the commit's artifact, `""` for none; another release has recorded none */
  key: z.string().optional(),
  /** what CodePipeline is asked with, until it is known that it was started */
  variables: variablesSchema.optional(),
  /** the token of the last commit of the ref that the rule had taken then: what was built since has its own end */
  taken: z.number(),
  /** whose token that is; another release has recorded none */
  counter: z.string().optional(),
  /** ms since 1970 until which starts wait for it; 0 when nobody waits */
  until: z.number(),
  /** the delivery that it was started for */
  delivery: z.string().default(''),
  replayName: z.string().default(''),
  /** the host's names of the events that have told of the end */
  told: z.array(z.string()).default([]),
  /** whether it has failed, so that what it was to end is still there */
  failed: z.boolean().default(false),
});

export const endsSchema = z.object({
  /** by what ends: the pipeline of a branch, or the pipeline that runs in the end */
  ends: z.record(z.string(), endSchema).default({}),
  /** by pipeline: the ISO time at which its pull request was closed */
  closed: z.record(z.string(), z.string()).default({}),
});

/** A pipeline that was started at the end of a branch or a pull request. */
export type End = z.infer<typeof endSchema>;

/** What is on record of the ends of a ref, beside what was started for it. */
export const readEnds = (id: string): Promise<z.infer<typeof endsSchema>> => readRecord(id, endsSchema);

/** Writes one entry, or removes it, by the holder of the lease. Throws `RefBusy`. */
export async function recordEnd(
  id: string,
  owner: string,
  member: 'ends' | 'closed',
  name: string,
  value: End | string | undefined,
): Promise<void> {
  const held = { ConditionExpression: '#lock.#owner = :owner' };
  const names = { '#member': member, '#lock': 'lock', '#owner': 'owner' };
  const begun = await change(id, {
    UpdateExpression: 'SET #member = if_not_exists(#member, :none)',
    ...held,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':owner': owner, ':none': {} },
  });
  const written =
    begun &&
    (await change(id, {
      UpdateExpression: value === undefined ? 'REMOVE #member.#name' : 'SET #member.#name = :value',
      ...held,
      ExpressionAttributeNames: { ...names, '#name': name },
      ExpressionAttributeValues: { ':owner': owner, ...(value === undefined ? {} : { ':value': value }) },
    }));
  if (!written)
    throw new HooklineError(errors.refBusy, `another delivery holds the ${id}; it is tried again`);
}

/** By what the end of a ref or a request is on record that starts the rule's own pipeline for it. A branch may have several requests. */
export const sharedEndName = ({
  rule,
  route,
  delivery,
}: Pick<State, 'rule' | 'route' | 'delivery'>): string =>
  `${firstName(rule)} at ${route}${route === 'close' ? ` of ${delivery.pullRequest?.number}` : ''}`;
