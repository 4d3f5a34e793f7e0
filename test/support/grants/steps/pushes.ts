import { randomUUID } from 'node:crypto';
import type { Trial } from '../trial.ts';
import { DEMO, newBranch, payloadOf } from './payload.ts';

export async function ping({ deliver, expectOutcome }: Trial): Promise<void> {
  await expectOutcome(await deliver('ping', { zen: 'x', hook_id: 1 }), 'Pong');
}

export async function plain({ push, expectOutcome }: Trial): Promise<void> {
  const ref = newBranch();
  for (let time = 0; time < 2; time++)
    await expectOutcome((await push('acme/plain', ref)).deliveryId, 'Published');
}

export async function ec2({ push, expectOutcome }: Trial): Promise<void> {
  await expectOutcome((await push('acme/ec2', newBranch())).deliveryId, 'Published');
}

export async function duplicate({ push, gitHost, ended, expectOutcome }: Trial): Promise<void> {
  const { deliveryId } = await push('acme/again', newBranch());
  await expectOutcome(deliveryId, 'Published');
  await gitHost.redeliver(deliveryId);
  const outcomes = (await ended(deliveryId, 2)).map(({ outcome }) => outcome).sort();
  if (outcomes.join() !== 'Duplicate,Published') throw new Error(`it ended in ${outcomes.join(' and ')}`);
}

export async function unchanged({ push, deliver, expectOutcome }: Trial): Promise<void> {
  const ref = newBranch();
  const { commit, deliveryId } = await push(DEMO, ref);
  await expectOutcome(deliveryId, 'PipelineStarted');
  await expectOutcome(await deliver('push', payloadOf(DEMO, ref, commit)), 'Unchanged');
}

export async function superseded({ push, deliver, expectOutcome }: Trial): Promise<void> {
  const ref = newBranch();
  const { commit, deliveryId } = await push('acme/order', ref);
  await expectOutcome(deliveryId, 'Published');
  await expectOutcome((await push('acme/order', ref)).deliveryId, 'Published');
  await expectOutcome(await deliver('push', payloadOf('acme/order', ref, commit)), 'Superseded');
}

export async function tag({ push, expectOutcome }: Trial): Promise<void> {
  await expectOutcome((await push('acme/tagged', `refs/tags/${randomUUID()}`)).deliveryId, 'Published');
}

export async function deletion({ push, send, expectOutcome }: Trial): Promise<void> {
  const ref = newBranch();
  await push('acme/gone', 'refs/heads/main');
  await expectOutcome((await push('acme/gone', ref)).deliveryId, 'Published');
  await expectOutcome(await send('acme/gone', `:${ref}`), 'RefRetired');
}

// More than the 256 KiB that Step Functions takes as an input, once in base64.
const LARGE = 400_000;

export async function large({ push, deliver, expectOutcome }: Trial): Promise<void> {
  const ref = newBranch();
  const { commit, deliveryId } = await push('acme/large', ref);
  await expectOutcome(deliveryId, 'Published');
  const payload = { ...payloadOf('acme/large', ref, commit), padding: 'x'.repeat(LARGE) };
  await expectOutcome(await deliver('push', payload), 'Unchanged');
}

export async function forged({ deliver, expectOutcome }: Trial): Promise<void> {
  const payload = payloadOf('acme/forged', newBranch(), 'a'.repeat(40));
  await expectOutcome(await deliver('push', payload, `sha256=${'0'.repeat(64)}`), 'Rejected');
}

export async function missing({ deliver, expectOutcome }: Trial): Promise<void> {
  for (const name of ['acme/never', 'acme/never-ec2']) {
    const ended = await expectOutcome(
      await deliver('push', payloadOf(name, newBranch(), 'a'.repeat(40))),
      'PullFailed',
    );
    // An App is not installed for what is not there.
    if (ended.error !== 'CredentialRefused') throw new Error(`the pull failed for ${ended.error}`);
  }
}
