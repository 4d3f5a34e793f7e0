import * as z from 'zod';
import { type Delivery, deliverySchema } from '../../events/delivery.ts';
import { type RuleOptions, ruleOptionsSchema } from '../../events/rule.ts';
import type { Route, Validated } from '../../statemachine/payloads.ts';
import { pointerKey } from '../shared/artifact.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { checkBody, readAs } from '../shared/input.ts';
import { logger } from '../shared/logged.ts';
import { routeOf, ruleNamed } from '../shared/rules.ts';
import { verify } from '../shared/verify.ts';

const origin = { rule: z.string(), eventId: z.string(), time: z.string(), replayName: z.string() };

const rawSchema = z.object({
  ...origin,
  provider: z.literal('github'),
  host: z.string(),
  headers: z.object({ event: z.string(), delivery: z.string(), signature: z.string() }),
  body: z.string(),
  // Executions that began before rules told their options may be started again without.
  options: ruleOptionsSchema.optional(),
});

const overflowSchema = z.tuple([
  z.object({
    ...origin,
    overflow: z.union([
      z.object({ delivery: deliverySchema, route: z.enum(['ping', 'ignored', 'pull', 'retire']) }),
      z.object({ error: z.enum(['Malformed', 'Rejected']), message: z.string() }),
    ]),
  }),
]);

type Input = z.infer<typeof rawSchema> | z.infer<typeof overflowSchema>;

/** The machine's input, from a rule's target or from the Pipe. Throws `Malformed`. */
export function readInput(event: unknown): Input {
  return Array.isArray(event)
    ? readAs("the Pipe's input", event, overflowSchema)
    : readAs("the rule's input", event, rawSchema);
}

/** Checks a delivery and says where it goes. Throws `Rejected`, `Malformed`, `Misconfigured`. */
export async function validate(input: Input): Promise<Validated> {
  const { rule: name, eventId, time, replayName } = Array.isArray(input) ? input[0] : input;
  logger.appendKeys({ rule: name, eventId });
  const rule = ruleNamed(name, Array.isArray(input) ? undefined : input.options);
  const { delivery, route } = Array.isArray(input) ? fromOverflow(input[0]) : await fromWebhook(input, rule);
  if (route === 'pull' || route === 'retire') checkKey(delivery, rule.pull);
  const key = `${name}#${delivery.host}#${delivery.id}#${replayName}`;
  logger.appendKeys({ key, route });
  return { delivery, rule, route, replayName, time, key };
}

async function fromWebhook(
  input: z.infer<typeof rawSchema>,
  rule: RuleOptions,
): Promise<{ delivery: Delivery; route: Route }> {
  checkBody(input.body);
  const { delivery, changed } = await verify(input);
  return { delivery, route: routeOf(rule, delivery, changed) };
}

/** What the Pipe's function has found out, with the whole body before it. */
function fromOverflow({ overflow }: z.infer<typeof overflowSchema>[0]): { delivery: Delivery; route: Route } {
  if ('error' in overflow) throw new HooklineError(overflow.error, overflow.message);
  return overflow;
}

/** A ref too long for an object's key is found out here, before anything is claimed. */
function checkKey({ host, repository, ref }: Delivery, options: Validated['rule']['pull']): void {
  try {
    pointerKey({ host, fullName: repository?.fullName ?? '' }, options, ref ?? '');
  } catch (cause) {
    throw new HooklineError(errors.malformed, cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
}
