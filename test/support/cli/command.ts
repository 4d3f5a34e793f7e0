import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { awsEnvironment } from '../aws-cli.ts';
import { type Hookline, type StartOptions, startHookline } from '../hookline.ts';
import { createRepository } from '../repository.ts';
import { type Ran, runInProcess } from './in-process.ts';

export const COMMAND = fileURLToPath(new URL('../../../cli/hookline.mjs', import.meta.url));

/**
 * The `hookline` command, in a folder of its own, for a Hookline that runs on a free port, and that it knows as it knows a
 * deployed one: by the stack's name, an endpoint and credentials.
 */
export interface Commanded {
  hookline: Hookline;
  readonly folder: string;
  /** what names the deployment in an environment */
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], input?: string): Promise<Ran>;
  /** for what differs on one machine: by the state folder, as `hookline up` leaves it */
  runLocally(...args: string[]): Promise<Ran>;
  /** what a command that goes well prints with `--json` */
  json(...args: string[]): Promise<unknown>;
  /** pushes a commit to `acme/app` and waits for its delivery to end */
  push(): Promise<{ commit: string; deliveryId: string }>;
  /** stops the Hookline and starts it again on the same folder */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** @param options what runs in place of events/rules */
export async function startCommand(options: StartOptions = {}): Promise<Commanded> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  const commanded: Commanded = {
    hookline: await startHookline(undefined, options),
    folder,
    get env() {
      return awsEnvironment(commanded.hookline.access);
    },
    run: (args, input) =>
      runInProcess([...args, '--stack', commanded.hookline.outputs.stackName], {
        cwd: folder,
        input,
        env: commanded.env,
      }),
    runLocally: (...args) => runInProcess([...args, '--data', commanded.hookline.data], { cwd: folder }),
    json: async (...args) => {
      const { stdout, stderr, exitCode } = await commanded.run([...args, '--json']);
      expect({ stderr: withoutProgress(stderr), exitCode }).toEqual({ stderr: '', exitCode: 0 });
      return JSON.parse(stdout);
    },
    push: () => push(commanded.hookline),
    restart: async () => {
      const { data } = commanded.hookline;
      await commanded.hookline.close();
      commanded.hookline = await startHookline(data, options);
    },
    remove: async () => {
      await commanded.hookline.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return commanded;
}

/** How far something long is stands on standard error, for people. */
const withoutProgress = (stderr: string): string => stderr.replace(/^ *\d+ % {2}.*$/gm, '').trim();

async function push(hookline: Hookline): Promise<{ commit: string; deliveryId: string }> {
  const repository = await createRepository();
  try {
    const commit = await repository.commit({ 'a.txt': 'a' });
    const url = new URL(`${hookline.outputs.gitUrl}/acme/app.git`);
    url.username = 'test';
    url.password = hookline.secrets.token;
    await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
    const deliveryId = hookline.gitHost.deliveries().find(({ event }) => event === 'push')?.id ?? '';
    await hookline.ended(deliveryId);
    return { commit, deliveryId };
  } finally {
    await repository.remove();
  }
}
