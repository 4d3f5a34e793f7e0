import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Deployment, startDeployment } from '../../../cli/up/deployment.ts';
import type { GrantObserver } from '../../../local/index.ts';
import { deliver } from '../deliver.ts';
import { type Ended, endedOf } from '../ended.ts';
import { createRepository, type Repository } from '../repository.ts';
import { giveApp } from './app.ts';

/** A Hookline of its own, and a repository to push to it. */
export interface Trial extends Deployment {
  /** the folder of the cloud assembly */
  readonly assembly: string;
  readonly repository: Repository;
  /** pushes a new commit, whose build runs the command. @returns the commit, and the id of the delivery */
  push(name: string, ref: string, command?: string): Promise<{ commit: string; deliveryId: string }>;
  /** pushes what is there already, or deletes. @returns the id of the delivery */
  send(name: string, refspec: string): Promise<string>;
  deliver(event: string, payload: unknown, signature?: string): Promise<string>;
  ended(deliveryId: string, count?: number): Promise<Ended[]>;
  /** @throws when the delivery ends in another outcome */
  expectOutcome(deliveryId: string, outcome: string): Promise<Ended>;
  close(): Promise<void>;
}

const buildspec = (command: string): string =>
  JSON.stringify({ version: 0.2, phases: { build: { commands: [command] } } });

/** @throws when the deployment cannot be made */
export async function startTrial(assembly: string, grants: GrantObserver): Promise<Trial> {
  const data = await mkdtemp(join(tmpdir(), 'hookline-grants-'));
  const deployment = await startDeployment({ assembly, data, port: 0, grants }).catch(async (error) => {
    await rm(data, { recursive: true, force: true });
    throw error;
  });
  const repository = await createRepository();
  const close = async (): Promise<void> => {
    await deployment.close();
    await repository.remove();
    await rm(data, { recursive: true, force: true });
  };
  await giveApp(deployment).catch(async (error) => {
    await close();
    throw error;
  });
  return { ...trialOf(deployment, repository), assembly, close };
}

function trialOf(deployment: Deployment, repository: Repository): Omit<Trial, 'assembly'> {
  let commits = 0;
  const send = (name: string, refspec: string) => sendTo(deployment, repository, name, refspec);
  const ended = endedOf(deployment);
  return {
    ...deployment,
    repository,
    send,
    ended,
    push: async (name, ref, command = 'echo built') => {
      const commit = await repository.commit({ 'buildspec.yml': buildspec(command), file: `${++commits}\n` });
      return { commit, deliveryId: await send(name, `HEAD:${ref}`) };
    },
    deliver: async (event, payload, signature) => {
      const headers = signature === undefined ? {} : { 'x-hub-signature-256': signature };
      const { status, deliveryId } = await deliver(deployment, event, payload, { headers });
      if (status !== 202) throw new Error(`the door answered ${status}`);
      return deliveryId;
    },
    expectOutcome: async (deliveryId, outcome) => {
      const [last] = await ended(deliveryId);
      if (last?.outcome !== outcome)
        throw new Error(`the delivery ended in ${last?.outcome} (${last?.error}), not in ${outcome}`);
      return last;
    },
  };
}

async function sendTo(
  { outputs, secrets, gitHost }: Deployment,
  repository: Repository,
  name: string,
  refspec: string,
): Promise<string> {
  const before = gitHost.deliveries().length;
  const url = new URL(`${outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, refspec);
  const sent = () => gitHost.deliveries().slice(before);
  await until(() => sent().some(({ event }) => event === 'push'));
  return sent().find(({ event }) => event === 'push')?.id ?? '';
}

const EVERY_MS = 50;

/** Waits for a condition. A step that is given up on waits on, and keeps no process alive. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(EVERY_MS, undefined, { ref: false });
}
