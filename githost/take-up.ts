import type { KeyedQueue } from './keyed-queue.ts';
import { removeDrafts, removeLeftLocks } from './left-over.ts';
import type { Pulls } from './pulls/pulls.ts';
import type { Announcer } from './push/announce.ts';
import type { Repositories } from './repositories.ts';
import type { Dispatcher } from './webhook/dispatcher.ts';

/**
 * Makes a host's folder ready to be served, whichever way the host before has ended: its deliveries are sent, and what was
 * pushed or changed is told of.
 */
export async function takeUp(
  directory: string,
  parts: {
    repositories: Repositories;
    dispatcher: Dispatcher;
    pulls: Pulls;
    announcer: Announcer;
    pushes: KeyedQueue;
  },
): Promise<void> {
  const { repositories, dispatcher, pulls, announcer, pushes } = parts;
  const all = repositories.all();
  await removeDrafts(directory, all).catch(warn);
  // Of all before any: the push of a fork writes in the repository of its request.
  for (const repository of all) await removeLeftLocks(repository).catch(warn);
  dispatcher.resume();
  const tell = (repository: (typeof all)[number]): Promise<void> =>
    pushes.run(repository.fullName, async () => {
      await pulls.tellRest(repository);
      await announcer.end(repository);
    });
  await Promise.all(all.map((repository) => tell(repository).catch(warn)));
}

// A repository that cannot be read must not keep the others from being served. A push to it fails with the same error.
const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error));
