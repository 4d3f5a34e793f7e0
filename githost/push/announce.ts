import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from '../files.ts';
import type { Git } from '../git.ts';
import { removeLeftLocks } from '../left-over.ts';
import { repositoryId, repositoryPayload } from '../payload/repository.ts';
import type { Addresses } from '../payload/user.ts';
import { takeForRefs } from '../pulls/for-ref.ts';
import { noteOpenTopics } from '../pulls/open-topics.ts';
import type { Pulls } from '../pulls/pulls.ts';
import { DEFAULT_BRANCH, type Repositories, type Repository } from '../repositories.ts';
import type { Dispatcher } from '../webhook/dispatcher.ts';
import type { Hooks } from '../webhook/hooks.ts';
import { eventsOf } from './events.ts';
import { readRefs } from './refs.ts';

const unannouncedSchema = z.object({ login: z.string(), refs: z.record(z.string(), z.string()) });

/** Sends the events of pushes to the hooks, one push of a repository at a time. */
export interface Announcer {
  /** notes the refs that a push is about to change, so that a crash cannot swallow its events */
  begin(repository: Repository, login: string): Promise<void>;
  /** resolves when the events of the push are on disk */
  end(repository: Repository): Promise<void>;
  /** `end` of a push whose git was killed, and may have left locks */
  endKilled(repository: Repository): Promise<void>;
}

// A git that was killed is asked again: nobody may push to the repository before the next start.
const MOST_TRIES = 5;

export function createAnnouncer(parts: {
  git: Git;
  repositories: Repositories;
  hooks: Hooks;
  dispatcher: Dispatcher;
  pulls: Pulls;
  addresses: () => Addresses;
}): Announcer {
  const { git, repositories, hooks, dispatcher, pulls, addresses } = parts;
  const unannouncedFile = ({ folder }: Repository): string => join(folder, 'hookline', 'push.json');
  const endOnce = async (repository: Repository): Promise<void> => {
    const json = readJson(unannouncedFile(repository));
    if (json === undefined) return;
    const { login, refs } = unannouncedSchema.parse(json);
    const before = new Map(Object.entries(refs));
    const asked = await takeForRefs(git, repository);
    const after = await readRefs(git, repository.folder);
    const changed = [...new Set([...before.keys(), ...after.keys()])].some(
      (ref) => before.get(ref) !== after.get(ref),
    );
    if (changed) {
      await repositories.pushed(repository, new Date());
      const where = addresses();
      const payload = repositoryPayload(repository, repositories.times(repository), DEFAULT_BRANCH, where);
      const context = { repository: payload, login, addresses: where };
      const subject = { repository: repository.fullName, targetId: repositoryId(repository) };
      for (const { name, payload } of await eventsOf(git, repository.folder, before, after, context))
        await dispatcher.dispatch(hooks.subscribedTo(name, repository), name, payload, subject);
      await pulls.pushed(repository, login);
    }
    await pulls.asked(repository, asked, login);
    await rm(unannouncedFile(repository), { force: true });
  };
  // All gits that write in a repository have a turn: that of its pushes, which is ours, or that of its requests.
  const unlock = (repository: Repository): Promise<void> =>
    pulls.inTurn(repository, () => removeLeftLocks(repository));
  const end = async (repository: Repository): Promise<void> => {
    for (let tries = 1; ; tries++) {
      try {
        return await endOnce(repository);
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
        await unlock(repository);
      }
    }
  };
  return {
    begin: async (repository, login) => {
      // The events of an earlier push that could not be made then are made first.
      await end(repository);
      const refs = Object.fromEntries(await readRefs(git, repository.folder));
      await writeJson(unannouncedFile(repository), { login, refs });
      await noteOpenTopics(repository);
    },
    end,
    endKilled: async (repository) => {
      await unlock(repository);
      await end(repository);
    },
  };
}
