import { z } from 'zod';
import type { OverflowInput } from '../../statemachine/payloads.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { routeOf, ruleNamed } from '../shared/rules.ts';
import { verify } from '../shared/verify.ts';

const recordSchema = z.object({
  body: z.string(),
  messageAttributes: z.object({ RULE_ARN: z.object({ stringValue: z.string() }) }),
});

/** One batch of the overflow queue: what a rule's target did not take. */
export const batchSchema = z.tuple([recordSchema]);

const eventSchema = z.object({
  id: z.string(),
  time: z.string(),
  'replay-name': z.string().default(''),
  detail: z.object({
    host: z.string(),
    headers: z.object({ event: z.string(), delivery: z.string(), signature: z.string() }),
    body: z.string(),
  }),
});

/**
 * Verifies a delivery that was too large or throttled, and makes a machine input of it that is small. What its host has
 * not signed goes on as that, so that the machine ends it; anything else that fails leaves the message in the queue.
 */
export async function reduce([record]: z.infer<typeof batchSchema>): Promise<[OverflowInput]> {
  const { id, time, 'replay-name': replayName, detail } = eventSchema.parse(JSON.parse(record.body));
  const rule = ruleOf(record.messageAttributes.RULE_ARN.stringValue);
  return [{ rule, eventId: id, time, replayName, overflow: await verified(rule, detail) }];
}

async function verified(
  rule: string,
  detail: z.infer<typeof eventSchema>['detail'],
): Promise<OverflowInput['overflow']> {
  try {
    const { delivery, changed } = await verify(detail);
    return { delivery, route: routeOf(ruleNamed(rule), delivery, changed) };
  } catch (error) {
    if (!(error instanceof HooklineError)) throw error;
    if (error.name !== errors.rejected && error.name !== errors.malformed) throw error;
    return { error: error.name, message: error.message };
  }
}

/** `arn:aws:events:…:rule/hookline/hookline-default` is the rule `default`. */
function ruleOf(arn: string): string {
  const name = /\/hookline-([^/]+)$/.exec(arn)?.[1];
  if (name) return name;
  throw new HooklineError(
    errors.misconfigured,
    `${JSON.stringify(arn)} is no rule of ours; it is not named hookline-…`,
  );
}
