import type { Route } from '../../events/decision.ts';
import type { Delivery } from '../../events/delivery.ts';
import { type RawInput, rawInputSchema } from '../../events/raw-input.ts';
import type { RuleOptions } from '../../events/rule.ts';
import { firstName } from '../../events/rule-name.ts';
import { type MachineInput, type OverflowInput, pipeInputSchema } from '../../statemachine/machine-input.ts';
import type { Validated } from '../../statemachine/payloads.ts';
import { pointerKey } from '../shared/artifact.ts';
import { deliveryKey } from '../shared/delivery-record.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { checkBody, readAs } from '../shared/input.ts';
import { logger } from '../shared/logged.ts';
import { checkMatch, type Routed, routed, ruleNamed } from '../shared/rules.ts';
import { bodyHash, verify } from '../shared/verify.ts';

/** The machine's input, from a rule's target or from the Pipe. Throws `Malformed`. */
export function readInput(event: unknown): MachineInput {
  if (!Array.isArray(event)) return { from: 'rule', ...readAs("the rule's input", event, rawInputSchema) };
  const [input] = readAs("the Pipe's input", event, pipeInputSchema);
  return { from: 'pipe', ...input };
}

/** Checks a delivery and says where it goes. Throws `Rejected`, `Malformed`, `SettingsOld`, `Misconfigured`. */
export async function validate(input: MachineInput): Promise<Validated> {
  const { rule: name, eventId, time, replayName } = input;
  logger.appendKeys({ rule: name, eventId });
  const { rule, bodyHash, ...decided } = input.from === 'pipe' ? fromPipe(input) : await fromRule(input);
  const { delivery, route } = decided;
  if (route === 'pull' || route === 'retire' || route === 'approve') checkKey(delivery, rule.pull);
  const key = deliveryKey(firstName(rule), delivery, replayName);
  logger.appendKeys({ key, route });
  const asked = { ...decided.asked, ...givingWay(rule, route, replayName) };
  return { ...decided, asked, rule, replayName, time, key, ...(bodyHash ? { bodyHash } : {}) };
}

/** A replay and a redelivery are deliberate (I3): their artifact is made, however far the ref has moved on. */
const givingWay = (rule: RuleOptions, route: Route, replayName: string) =>
  rule.superseded === 'skip' && route === 'pull' && replayName === '' ? { giveWay: firstName(rule) } : {};

interface Decided extends Routed {
  readonly rule: RuleOptions;
  readonly bodyHash?: string | undefined;
}

// The rule is looked up last: of what nobody has signed there is no record, also not that its rule is gone.
async function fromRule(input: RawInput): Promise<Decided> {
  checkBody(input.body);
  const normalised = await verify(input, input.time);
  const rule = ruleNamed(input.rule);
  checkMatch(rule.name, input);
  return { ...routed(rule, normalised, input), rule, bodyHash: bodyHash(input) };
}

/** What the Pipe's function has found out, with the whole body before it. */
function fromPipe({ overflow, rule }: OverflowInput): Decided {
  if ('error' in overflow) throw new HooklineError(overflow.error, overflow.message);
  return { ...overflow, rule: ruleNamed(rule) };
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
