import { setTimeout as wait } from 'node:timers/promises';
import { DEMO_REPOSITORY } from '../../cli/up/demo.ts';
import { createRepository } from '../../test/support/repository.ts';

/** What goes on beside the flood, until the signal ends it. */
interface Beside {
  readonly signal: AbortSignal;
  /** seconds from one to the next */
  readonly every: number;
}

export interface Pushes {
  /** the commits that `git push` has brought to the host */
  readonly commits: string[];
  /** what `git push` said where it failed */
  readonly failures: string[];
}

const BUILDSPEC = 'version: 0.2\nphases: { build: { commands: [cat file] } }\n';

/** Pushes commits to the repository that has a pipeline, as a person does. */
export async function pushNowAndThen(url: string, token: string, { signal, every }: Beside): Promise<Pushes> {
  const pushes: Pushes = { commits: [], failures: [] };
  const repository = await createRepository();
  const remote = new URL(`${url}/${DEMO_REPOSITORY}.git`);
  remote.username = 'bench';
  remote.password = token;
  try {
    for (let number = 1; !signal.aborted; number += 1) {
      const commit = await repository.commit({ 'buildspec.yml': BUILDSPEC, file: `${number}\n` });
      await repository.git('push', '--quiet', remote.href, 'HEAD:refs/heads/main').then(
        () => pushes.commits.push(commit),
        (error: Error) => pushes.failures.push(error.message.replaceAll(token, '…')),
      );
      await pause(every, signal);
    }
  } finally {
    await repository.remove();
  }
  return pushes;
}

/** Asks for the console's list again and again. @returns the milliseconds that each answer took */
export async function lookNowAndThen(consoleUrl: string, { signal, every }: Beside): Promise<number[]> {
  const address = new URL(consoleUrl);
  const headers = { authorization: `Bearer ${address.hash.replace('#token=', '')}` };
  const times: number[] = [];
  while (!signal.aborted) {
    const began = performance.now();
    const answer = await fetch(new URL('api/deliveries?limit=100', address), { headers });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`the console answered its list with ${answer.status}`);
    times.push(performance.now() - began);
    await pause(every, signal);
  }
  return times;
}

const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  wait(seconds * 1000, undefined, { signal }).catch(() => undefined);
