import type { NextAttempt as Next } from '../../core/disk-queue.ts';
import { StateNotWritten } from '../../core/not-written.ts';
import { AGAIN_MS } from '../../core/until-written.ts';
import { sendDeadLetter } from './dead-letter.ts';
import { type Fault, faultOf } from './fault.ts';
import { invokeTarget } from './invoke.ts';
import { openedBody } from './opened-body.ts';
import { LONGEST_WAIT } from './queue.ts';
import type { ResolvedDelivery } from './resolved-delivery.ts';
import { ruleWaitedFor } from './rule-store.ts';
import type { Delivery, State } from './tables.ts';
import type { Target } from './target.ts';

type NextAttempt = Next<Delivery>;

// EventBridge does not say how long it waits, only that it backs off exponentially, with jitter.
const FIRST_WAIT = 500;

/** Tries once to bring an event to its target or, when no retry is left, to the target's dead-letter queue. */
export async function attempt(state: State, delivery: Delivery): Promise<NextAttempt> {
  const resolved = resolvedDelivery(state, delivery);
  if (!resolved) return 'done';
  if (delivery.dead) return deadLetter(state, resolved);
  try {
    await invokeTarget(state, resolved);
    return 'done';
  } catch (error) {
    // A full disk is no fault of the target's.
    if (error instanceof StateNotWritten) return { due: Date.now() + AGAIN_MS, work: delivery };
    return afterFault(state, resolved, faultOf(error));
  }
}

function resolvedDelivery(state: State, delivery: Delivery): ResolvedDelivery | undefined {
  const rule = ruleWaitedFor(state, `${delivery.bus}/${delivery.rule}`);
  const target = rule?.targets.find(({ id }) => id === delivery.target);
  const body = openedBody(state, delivery.body);
  if (rule && target && body) return { rule, target, body, delivery };
  state.cloud.warn(
    `an event waited for target ${delivery.target} of rule ${delivery.rule}, which is no more: it is dropped`,
  );
  return undefined;
}

function afterFault(
  state: State,
  resolved: ResolvedDelivery,
  fault: Fault,
): NextAttempt | Promise<NextAttempt> {
  const { delivery, target } = resolved;
  const attempts = delivery.attempts + 1;
  const { wait = 0 } = fault;
  const due = Date.now() + Math.max(waitBefore(attempts), wait);
  const exhausted = exhaustion(target, delivery, attempts, due);
  if (!fault.retryable || exhausted) {
    const dead = {
      code: fault.code,
      message: fault.message,
      ...(fault.retryable && exhausted && { exhausted }),
    };
    return deadLetter(state, { ...resolved, delivery: { ...delivery, dead } });
  }
  return { due, work: { ...delivery, attempts, asked: wait > LONGEST_WAIT } };
}

function exhaustion(target: Target, delivery: Delivery, attempts: number, due: number): string | undefined {
  if (attempts > target.maxAttempts) return 'MaximumRetryAttempts';
  return due - delivery.since > target.maxAgeSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}

/**
 * Sends the dead letter. A queue that is not there, or whose policy does not let EventBridge send, loses the event, as on
 * AWS; any other that does not take it is tried again, where EventBridge would lose the event.
 */
async function deadLetter(state: State, resolved: ResolvedDelivery): Promise<NextAttempt> {
  const { delivery, rule, target } = resolved;
  const what = `rule ${rule.name} could not bring an event to ${target.arn} (${delivery.dead?.code}: ${delivery.dead?.message})`;
  if (!target.deadLetterArn) {
    state.cloud.warn(`${what}, and the target has no dead-letter queue: the event is lost`);
    return 'done';
  }
  try {
    await sendDeadLetter(state.cloud, resolved, target.deadLetterArn);
    return 'done';
  } catch (error) {
    const { code } = faultOf(error);
    if (code === 'NO_PERMISSIONS' || code === 'NO_RESOURCE') {
      const why = code === 'NO_RESOURCE' ? 'there is no queue' : 'it may not send to';
      state.cloud.warn(`${what}, and ${why} ${target.deadLetterArn}: the event is lost`);
      return 'done';
    }
    state.cloud.warn(
      `${what}, and ${target.deadLetterArn} did not take it: ${String(error)}; it is tried again`,
    );
    const wait = error instanceof StateNotWritten ? AGAIN_MS : LONGEST_WAIT;
    return { due: Date.now() + wait, work: delivery };
  }
}

function waitBefore(attempts: number): number {
  const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(attempts - 1, 20));
  return longest * (0.5 + Math.random() / 2);
}
