import { setTimeout as wait } from 'node:timers/promises';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { stop } from '../../../operate/deliveries/actions.ts';
import { describeExecution } from '../../../operate/deliveries/delivery.ts';
import { listDeliveries } from '../../../operate/deliveries/list.ts';
import { reconcileNow } from '../../../operate/reconcile/index.ts';
import { deliver } from '../deliver.ts';
import { createRepository, type Repository } from '../repository.ts';
import { askHost } from './ask-host.ts';
import { useApp } from './credential.ts';
import { hasEnded } from './look.ts';
import type { Alive, Survivor } from './survivor.ts';

/** Sends to a Hookline that may be killed meanwhile, and again until it is taken: as people and git hosts do. */
export interface Sender {
  /** a new commit. @returns its sha */
  commit(repository: string): Promise<string>;
  /** @param commit `''` deletes the ref */
  push(repository: string, ref: string, commit: string): Promise<void>;
  /** posts a delivery, and again until it is answered by 202 */
  deliver(id: string, payload: object, how?: Posted): Promise<void>;
  /** waits until a delivery of the commit has its outcome, or this one, and not longer than what is stuck */
  recorded(commit: string, outcome?: string): Promise<void>;
  /** calls the git host's API below `/repos/` as somebody, until it is carried out or has been before */
  ask(login: string, method: string, path: string, body?: object): Promise<void>;
  /** the number of the request of a head, `OWNER:BRANCH` */
  numberOf(repository: string, head: string): Promise<number>;
  /** approves a request of a fork at a commit */
  approve(repository: string, number: number, commit: string): Promise<void>;
  reconcile(): Promise<void>;
  /** calls a function as its schedule does */
  invoke(name: string): Promise<void>;
  /** makes an App the host's credential until the next run */
  useApp(): Promise<void>;
  /** stops the execution of a commit, unless it has ended before */
  stop(commit: string): Promise<void>;
}

/** How a delivery is posted: as a signed `ping` by default. */
export interface Posted {
  readonly event?: string;
  readonly webhookSecret?: string;
  /** the failed outcome that it ends in; in one without failure by default */
  readonly ends?: string;
}

/** What has been sent in a run. */
export interface Sent {
  /** the deliveries that were answered by 202 */
  readonly accepted: Set<string>;
  /** the failed outcomes that deliveries end in */
  readonly ends: Map<string, string>;
  /** the deliveries whose execution was stopped */
  readonly stopped: Set<string>;
  /** the commits that were approved, each as often as it was */
  readonly approved: string[];
  /** the commits that a ref was put to, in their order, `''` for its deletion: by repository and ref */
  readonly refs: Map<string, { repository: string; ref: string; commits: string[] }>;
}

/** The work trees by repository, which serve all runs. */
export type Trees = Map<string, Repository>;

/** A fork has the work tree of what it is a fork of. */
export const treeOf = (trees: Trees, repository: string): Repository | undefined =>
  trees.get(repository.replace(/^mallory\//, 'acme/'));

const AGAIN_MS = 200;
// Times the limit: so long is waited for what is late.
export const GIVE_UP = 10;

/** @param withinMs how long something may be refused after a start */
export function createSender(survivor: Survivor, trees: Trees, sent: Sent, withinMs: number): Sender {
  let commits = 0;
  const untilTaken = (send: (alive: Alive) => Promise<void>) => sendUntilTaken(survivor, send, withinMs);
  // Behind all else that is being done: how long that may take is looked at once all is quiet.
  const untilRecorded = (look: (alive: Alive) => Promise<void>) =>
    sendUntilTaken(survivor, look, GIVE_UP * withinMs);
  return {
    commit: async (name) => {
      const tree = treeOf(trees, name) ?? (await createRepository());
      trees.set(name, tree);
      return tree.commit({ 'buildspec.yml': BUILDSPEC, file: `${++commits} of ${Date.now()}\n` });
    },
    push: async (repository, ref, commit) => {
      const tree = treeOf(trees, repository);
      if (!tree) throw new Error(`nothing was committed for ${repository}: commit first`);
      await untilTaken((alive) => push(alive, tree, { repository, ref, commit }));
      const known = sent.refs.get(`${repository} ${ref}`) ?? { repository, ref, commits: [] };
      known.commits.push(commit);
      sent.refs.set(`${repository} ${ref}`, known);
    },
    deliver: async (deliveryId, payload, { event = 'ping', webhookSecret, ends } = {}) => {
      if (ends !== undefined) sent.ends.set(deliveryId, ends);
      await untilTaken(async ({ outputs, secrets }) => {
        const signing = { ...secrets, ...(webhookSecret === undefined ? {} : { webhookSecret }) };
        const { status } = await deliver({ outputs, secrets: signing }, event, payload, { deliveryId });
        if (status !== 202) throw new Error(`the door answered ${status}`);
      });
      sent.accepted.add(deliveryId);
    },
    recorded: (commit, outcome) =>
      untilRecorded(async ({ connection }) => {
        const { rows } = await listDeliveries(connection, { filter: { commit } });
        if (!rows.some((row) => (outcome === undefined ? hasEnded(row) : row.outcome === outcome)))
          throw new Error(`no delivery of ${commit} has ${outcome ?? 'an outcome'}`);
      }),
    ask: (login, method, path, body) =>
      untilTaken(async (alive) => {
        await askHost(alive, login, { method, path, body });
      }),
    numberOf: async (repository, head) => {
      let found: number | undefined;
      await untilTaken(async (alive) => {
        const path = `${repository}/pulls?head=${encodeURIComponent(head)}`;
        found = requests.parse(await askHost(alive, 'acme', { method: 'GET', path }))[0]?.number;
        if (found === undefined) throw new Error(`${repository} has no request of ${head}`);
      });
      return found ?? 0;
    },
    approve: async (repository, number, commit) => {
      sent.approved.push(commit);
      const comment = { method: 'POST', path: `${repository}/issues/${number}/comments` };
      const body = { body: `/ok-to-test ${commit}` };
      await untilTaken(async (alive) => void (await askHost(alive, 'acme', { ...comment, body })));
    },
    reconcile: () =>
      untilTaken(async ({ connection }) => void (await reconcileNow(connection, { dryRun: false }))),
    invoke: (name) =>
      untilTaken(async ({ connection: { lambda } }) => {
        const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
        const FunctionName = Functions.find(({ FunctionName: each }) => each?.includes(name))?.FunctionName;
        const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName }));
        if (FunctionError !== undefined) throw new Error(`${FunctionName} failed: ${FunctionError}`);
      }),
    useApp: () => untilTaken(useApp),
    stop: (commit) => untilTaken((alive) => stopExecution(alive, commit, sent)),
  };
}

/** The answer of a stop may be lost: what has come of it is asked for. */
async function stopExecution({ connection }: Alive, commit: string, sent: Sent): Promise<void> {
  const { rows } = await listDeliveries(connection, { filter: { commit } });
  const row = rows.find(({ executionArn }) => executionArn !== '');
  if (!row) throw new Error(`the commit ${commit} has no execution yet`);
  const statusNow = async () => (await describeExecution(connection, row.executionArn)).status;
  if ((await statusNow()) === 'RUNNING') await stop(connection, row);
  if ((await statusNow()) === 'ABORTED') sent.stopped.add(row.deliveryId);
}

const requests = z.array(z.object({ number: z.number() }));

const BUILDSPEC = 'version: 0.2\nphases: { build: { commands: [echo built] } }\n';

/** @throws the last refusal, when a runtime has refused for so long that was not killed meanwhile */
async function sendUntilTaken(
  survivor: Survivor,
  send: (alive: Alive) => Promise<void>,
  withinMs: number,
): Promise<void> {
  const from = performance.now();
  for (;;) {
    const alive = await survivor.alive();
    try {
      return await send(alive);
    } catch (error) {
      if (performance.now() - Math.max(from, alive.since) > withinMs) throw error;
      await wait(AGAIN_MS);
    }
  }
}

async function push(
  alive: Alive,
  tree: Repository,
  { repository, ref, commit }: { repository: string; ref: string; commit: string },
): Promise<void> {
  const url = cloneUrl(alive, repository);
  try {
    await tree.git('push', '--quiet', '--force', url, `${commit}:${ref}`);
  } catch (error) {
    // A push that was cut off may have been carried out.
    if ((await tipOf(alive, tree, repository, ref)) !== commit) throw error;
  }
}

/** The commit that the host has at a ref, `''` for a ref that is not there. */
export async function tipOf(
  alive: Alive,
  tree: Repository,
  repository: string,
  ref: string,
): Promise<string> {
  const listed = await tree.git('ls-remote', cloneUrl(alive, repository), ref);
  return listed.split('\t')[0] ?? '';
}

function cloneUrl({ outputs, secrets }: Alive, repository: string): string {
  const url = new URL(`${outputs.gitUrl}/${repository}.git`);
  url.username = 'chaos';
  url.password = secrets.token;
  return url.href;
}
