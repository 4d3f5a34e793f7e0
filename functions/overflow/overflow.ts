import * as z from 'zod';
import { busEventSchema, ruleOfArn, type Webhook, webhookSchema } from '../../events/bus-event.ts';
import type { RuleOptions } from '../../events/rule.ts';
import type { OverflowInput } from '../../statemachine/machine-input.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { checkBody, readAs } from '../shared/input.ts';
import { logger } from '../shared/logged.ts';
import { checkMatch, routed, ruleNamed } from '../shared/rules.ts';
import { bodyHash, verify } from '../shared/verify.ts';

const recordSchema = z.object({
  body: z.string(),
  messageAttributes: z.object({ RULE_ARN: z.object({ stringValue: z.string() }) }),
});

/** One batch of the overflow queue: what a rule's target did not take. */
const batchSchema = z.tuple([recordSchema], { error: 'expected one record, the batch size of the Pipe' });

const eventSchema = busEventSchema
  .pick({ id: true, time: true, 'replay-name': true })
  .extend({ detail: webhookSchema });

/** The record that the Pipe brings. Throws `Malformed`. */
export function readRecord(event: unknown): z.infer<typeof recordSchema> {
  return readAs('the batch of the overflow queue', event, batchSchema)[0];
}

/**
 * Verifies a delivery that was too large or throttled, and makes a machine input of it that is small. What its host has
 * not signed goes on as that, so that the machine ends it; anything else that fails leaves the message in the queue.
 */
export async function reduce({
  body,
  messageAttributes,
}: z.infer<typeof recordSchema>): Promise<[OverflowInput]> {
  const event = readAs('the event in the overflow queue', json(body), eventSchema);
  const { id, time, 'replay-name': replayName, detail } = event;
  // A rule that was renamed since has another name.
  const options = ruleNamed(ruleOf(messageAttributes.RULE_ARN.stringValue));
  const { name: rule } = options;
  logger.appendKeys({ rule, eventId: id });
  return [{ rule, eventId: id, time, replayName, options, overflow: await verified(options, detail, time) }];
}

async function verified(
  rule: RuleOptions,
  detail: Webhook,
  time: string,
): Promise<OverflowInput['overflow']> {
  try {
    checkBody(detail.body);
    const normalised = await verify(detail, time);
    checkMatch(rule.name, detail);
    return { ...routed(rule, normalised, detail), bodyHash: bodyHash(detail) };
  } catch (error) {
    if (!(error instanceof HooklineError)) throw error;
    if (error.name !== errors.rejected && error.name !== errors.malformed) throw error;
    return { error: error.name, message: error.message };
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What JSON.parse says quotes the event, which nobody has verified.
    throw new HooklineError(
      errors.malformed,
      `the record in the overflow queue is not JSON (${text.length} characters); only EventBridge may send to the queue`,
    );
  }
}

function ruleOf(arn: string): string {
  const name = ruleOfArn(arn);
  if (name !== undefined) return name;
  throw new HooklineError(
    errors.misconfigured,
    `${JSON.stringify(arn)} is no rule of ours, whose name on the bus begins with the bus’s own; send nothing to the queue but what a rule did not take`,
  );
}
