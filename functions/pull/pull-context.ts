import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHost } from '../shared/hosts.ts';
import { credential } from '../shared/secrets.ts';
import { Git } from './git.ts';
import type { PullInput } from './input.ts';
import { type Access, accessTo, type Remote } from './remote.ts';

/** What the steps of a pull share. */
export interface PullContext {
  readonly input: PullInput;
  readonly git: Git;
  readonly access: Access;
  /** the delivery's repository */
  readonly remote: Remote;
}

/** Reads the host's settings and credential and makes the way to the repository. */
export async function newPullContext(input: PullInput, home: string): Promise<PullContext> {
  const { host, fullName } = input.repository;
  const settings = await readHost(host);
  const secret = await credential(host, settings);
  const access = await accessTo(host, settings, secret, home);
  return { input, git: new Git(home), access, remote: access.remote(fullName) };
}

/** Runs `use` with a temporary folder of ours, removed whichever way the program ends: it may hold the deploy key. */
export async function withHome<T>(use: (home: string) => Promise<T>): Promise<T> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'hookline-pull-')));
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  const leave = (signal: NodeJS.Signals) => {
    remove();
    process.kill(process.pid, signal);
  };
  process.once('SIGTERM', leave).once('SIGINT', leave).once('exit', remove);
  try {
    return await use(home);
  } finally {
    process.off('SIGTERM', leave).off('SIGINT', leave).off('exit', remove);
    // a git that was ended may still be at its last write
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}
