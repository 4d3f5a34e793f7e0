import type { Repository } from '../repositories.ts';
import { dropForRef, type ForRef } from './for-ref.ts';
import { openOf, openPull } from './open.ts';
import type { PullParts, Pulls } from './pulls.ts';
import { refreshed } from './refresh.ts';
import { pullsOf, savePull, untoldOf } from './store.ts';
import { createTeller } from './tell.ts';

export function createPulls(parts: PullParts): Pulls {
  const { git, repositories, queue } = parts;
  const tellUntold = createTeller(parts);
  const inTurn: Pulls['inTurn'] = ({ fullName }, work) => queue.run(fullName, work);
  const find: Pulls['find'] = (repository, wanted) =>
    pullsOf(repository).find(({ number }) => number === wanted);
  const save: Pulls['save'] = async (base, request, events) => {
    savePull(base, request, events);
    await tellUntold(base);
  };
  const tellRest = async (base: Repository): Promise<void> => {
    if (untoldOf(base).length > 0) await inTurn(base, () => tellUntold(base));
  };
  const refresh = async (base: Repository, number: number, login: string): Promise<void> => {
    const before = find(base, number);
    if (before?.state !== 'open') return;
    const { request, actions } = await refreshed(parts, base, before, login);
    const events = actions.map((action) => ({ action, login, before: before.head.sha }));
    await save(base, request, events);
  };
  const pulls: Pulls = {
    save,
    tellRest,
    inTurn,
    find,
    pushed: async (repository, login) => {
      for (const base of repositories.all()) {
        await tellRest(base);
        const touched = pullsOf(base).filter(
          ({ state, head }) =>
            state === 'open' &&
            (head.repository === repository.fullName || base.fullName === repository.fullName),
        );
        for (const { number } of touched) await inTurn(base, () => refresh(base, number, login));
      }
    },
    asked: async (repository, wanted, login) => {
      for (const each of wanted) {
        await inTurn(repository, () => open(repository, each, login));
        await dropForRef(git, repository, each);
      }
    },
  };
  const open = async (base: Repository, { topic: head, base: into, sha }: ForRef, login: string) => {
    if (openOf(base, base, head, into)) return;
    const title = await git.run(base.folder, 'show', '-s', '--format=%s', sha);
    const wanted = { title: title || head, head, base: into, draft: false };
    const opened = await openPull({ git, repositories, pulls }, base, wanted, login);
    if (typeof opened === 'string') process.emitWarning(`a push to refs/for/${into}/${head}: ${opened}`);
  };
  return pulls;
}
