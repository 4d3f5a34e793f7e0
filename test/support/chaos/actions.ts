import { outcomes } from '../../../statemachine/outcomes.ts';
import { PUSH_PAYLOAD } from '../functions/validate-aws.ts';
import type { Random } from '../interleave/random.ts';
import type { Sender } from './sender.ts';

/** What is sent at once, each in an order of its own. */
export const ACTIONS = [
  'pipeline',
  'artifact',
  'branch',
  'request',
  'signed',
  'large',
  'forged',
  'missing',
  'scheduled',
  'app',
  'stopped',
] as const;

export type Action = (typeof ACTIONS)[number];

/** @param run differs for every run of a state folder */
type Send = (sender: Sender, run: string, chance: Random) => Promise<void>;

export const actions: Readonly<Record<Action, Send>> = {
  pipeline,
  artifact,
  branch,
  request,
  signed,
  large,
  forged,
  missing,
  scheduled,
  app,
  stopped,
};

/** Two commits of a ref that has a pipeline, and at times the first again by force. */
async function pipeline(sender: Sender, run: string, chance: Random): Promise<void> {
  const ref = `refs/heads/run-${run}`;
  const first = await sender.commit('hookline/demo');
  await sender.push('hookline/demo', ref, first);
  await sender.push('hookline/demo', ref, await sender.commit('hookline/demo'));
  if (chance.chance(0.3)) await sender.push('hookline/demo', ref, first);
}

/** A branch that is pushed twice and deleted, and a tag. */
async function artifact(sender: Sender, run: string, chance: Random): Promise<void> {
  const ref = `refs/heads/run-${run}`;
  await sender.push('acme/app', ref, await sender.commit('acme/app'));
  const second = await sender.commit('acme/app');
  await sender.push('acme/app', ref, second);
  await sender.push('acme/app', `refs/tags/run-${run}`, second);
  if (chance.chance(0.5)) await sender.recorded(second);
  if (chance.chance(0.7)) await sender.push('acme/app', ref, '');
}

/** A branch with a pipeline of its own, which is deleted with it. */
async function branch(sender: Sender, run: string): Promise<void> {
  const ref = `refs/heads/topic-${run}`;
  const commit = await sender.commit('acme/each');
  await sender.push('acme/each', ref, commit);
  await sender.recorded(commit);
  await sender.push('acme/each', ref, '');
}

/** A request from a fork, which is approved, has a pipeline of its own, and is closed. */
async function request(sender: Sender, run: string): Promise<void> {
  const branch = `topic-${run}`;
  await sender.push('acme/forked', 'refs/heads/main', await sender.commit('acme/forked'));
  await sender.ask('mallory', 'POST', 'acme/forked/forks');
  const commit = await sender.commit('acme/forked');
  await sender.push('mallory/forked', `refs/heads/${branch}`, commit);
  const head = `mallory:${branch}`;
  await sender.ask('mallory', 'POST', 'acme/forked/pulls', { title: run, head, base: 'main' });
  const number = await sender.numberOf('acme/forked', head);
  await sender.approve('acme/forked', number, commit);
  await sender.recorded(commit, outcomes.pipelineStarted);
  await sender.ask('acme', 'PATCH', `acme/forked/pulls/${number}`, { state: 'closed' });
}

const PINGS = 4;

/** Signed deliveries, the first of them twice. */
async function signed(sender: Sender, run: string): Promise<void> {
  const ids = Array.from({ length: PINGS }, (_, number) => `chaos-${run}-ping-${number}`);
  for (const id of [...ids, ...ids.slice(0, 1)]) await sender.deliver(id, { zen: id, hook_id: 1 });
}

// More than the 256 KiB that Step Functions takes as an input, once in base64.
const LARGE = 250_000;

/** A delivery that goes the way of the overflow. */
async function large(sender: Sender, run: string): Promise<void> {
  const id = `chaos-${run}-large`;
  await sender.deliver(id, { zen: id, hook_id: 1, padding: 'x'.repeat(LARGE) });
}

/** What somebody sends who does not know the secret. */
async function forged(sender: Sender, run: string): Promise<void> {
  const webhookSecret = 'guessed';
  await sender.deliver(`chaos-${run}-forged`, { zen: run }, { webhookSecret, ends: outcomes.rejected });
}

/** A push to a repository that its host does not have. */
async function missing(sender: Sender, run: string): Promise<void> {
  const repository = { ...PUSH_PAYLOAD.repository, full_name: 'acme/missing' };
  await sender.deliver(
    `chaos-${run}-missing`,
    { ...PUSH_PAYLOAD, ref: `refs/heads/run-${run}`, repository },
    { event: 'push', ends: outcomes.pullFailed },
  );
}

/** What is done by the clock, in the middle of all else. */
async function scheduled(sender: Sender): Promise<void> {
  await sender.reconcile();
  await sender.invoke('sweep');
}

/** A push that is pulled with the token of an App, which takes the place of the host's own. */
async function app(sender: Sender, run: string): Promise<void> {
  await sender.useApp();
  const commit = await sender.commit('acme/own');
  await sender.push('acme/own', `refs/heads/run-${run}`, commit);
  await sender.recorded(commit, outcomes.published);
}

/** A push whose execution a person stops, and the next one to its ref. */
async function stopped(sender: Sender, run: string): Promise<void> {
  const ref = `refs/heads/run-${run}`;
  const commit = await sender.commit('acme/halted');
  await sender.push('acme/halted', ref, commit);
  await sender.stop(commit);
  await sender.recorded(commit);
  await sender.push('acme/halted', ref, await sender.commit('acme/halted'));
}
