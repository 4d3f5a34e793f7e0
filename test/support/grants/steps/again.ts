import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { reconcileNow } from '../../../../operate/reconcile/index.ts';
import { type Trial, until } from '../trial.ts';
import { newBranch } from './payload.ts';
import { withoutRule } from './rule-off.ts';

const HOUR = 3_600_000;
const replay = z.looseObject({ State: z.string() });

export async function replayed(trial: Trial): Promise<void> {
  const deliveryId = await trial.deliver('ping', { zen: 'Again.', hook_id: 1 });
  await trial.expectOutcome(deliveryId, 'Pong');
  const base = 'arn:aws:events:us-east-1:000000000000';
  const ReplayName = randomUUID();
  await trial.runtime.call('events', 'StartReplay', {
    ReplayName,
    EventSourceArn: `${base}:archive/${trial.outputs.archiveName}`,
    EventStartTime: (Date.now() - HOUR) / 1000,
    EventEndTime: (Date.now() + HOUR) / 1000,
    Destination: { Arn: `${base}:event-bus/${trial.outputs.busName}` },
  });
  await until(async () => {
    const { State } = replay.parse(await trial.runtime.call('events', 'DescribeReplay', { ReplayName }));
    return State === 'COMPLETED';
  });
  await trial.ended(deliveryId, 2);
}

/** A push that no rule has taken is found by the function that a schedule starts. */
export async function reconciled(trial: Trial): Promise<void> {
  const { connection, push, expectOutcome } = trial;
  const ref = newBranch();
  await expectOutcome((await push('acme/missed', ref)).deliveryId, 'Published');
  await withoutRule(trial, 'plain', () => push('acme/missed', ref));
  const { behind } = await reconcileNow(await connection(), { dryRun: false });
  const [found] = behind.filter((each) => each.ref === ref);
  if (!found) throw new Error(`nothing was found of ${ref}`);
  await expectOutcome(found.deliveryId, 'Published');
}
