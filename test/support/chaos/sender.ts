import { setTimeout as wait } from 'node:timers/promises';
import { listDeliveries } from '../../../operate/deliveries/list.ts';
import { deliver } from '../deliver.ts';
import { createRepository, type Repository } from '../repository.ts';
import { hasEnded } from './look.ts';
import type { Alive, Survivor } from './survivor.ts';

/** Sends to a Hookline that may be killed meanwhile, and again until it is taken: as people and git hosts do. */
export interface Sender {
  /** a new commit. @returns its sha */
  commit(repository: string): Promise<string>;
  /** @param commit `''` deletes the ref */
  push(repository: string, ref: string, commit: string): Promise<void>;
  /** posts a signed `ping`, and again until it is answered by 202 */
  deliver(id: string, payload: object): Promise<void>;
  /** waits until a delivery of the commit has its outcome, and not longer than what is stuck */
  recorded(commit: string): Promise<void>;
}

/** What has been sent in a run. */
export interface Sent {
  /** the deliveries that were answered by 202 */
  readonly accepted: Set<string>;
  /** the commits that a ref was put to, in their order, `''` for its deletion: by repository and ref */
  readonly refs: Map<string, { repository: string; ref: string; commits: string[] }>;
}

/** The work trees by repository, which serve all runs. */
export type Trees = Map<string, Repository>;

const AGAIN_MS = 200;

/** @param withinMs how long something may be refused after a start */
export function createSender(survivor: Survivor, trees: Trees, sent: Sent, withinMs: number): Sender {
  let commits = 0;
  const untilTaken = (send: (alive: Alive) => Promise<void>) => sendUntilTaken(survivor, send, withinMs);
  return {
    commit: async (name) => {
      const tree = trees.get(name) ?? (await createRepository());
      trees.set(name, tree);
      return tree.commit({ 'buildspec.yml': BUILDSPEC, file: `${++commits} of ${Date.now()}\n` });
    },
    push: async (repository, ref, commit) => {
      const tree = trees.get(repository);
      if (!tree) throw new Error(`nothing was committed for ${repository}: commit first`);
      await untilTaken((alive) => push(alive, tree, { repository, ref, commit }));
      const known = sent.refs.get(`${repository} ${ref}`) ?? { repository, ref, commits: [] };
      known.commits.push(commit);
      sent.refs.set(`${repository} ${ref}`, known);
    },
    deliver: async (deliveryId, payload) => {
      await untilTaken(async ({ outputs, secrets }) => {
        const { status } = await deliver({ outputs, secrets }, 'ping', payload, { deliveryId });
        if (status !== 202) throw new Error(`the door answered ${status}`);
      });
      sent.accepted.add(deliveryId);
    },
    recorded: (commit) =>
      untilTaken(async ({ connection }) => {
        const { rows } = await listDeliveries(connection, { filter: { commit } });
        if (!rows.some(hasEnded)) throw new Error(`no delivery of ${commit} has an outcome`);
      }),
  };
}

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
