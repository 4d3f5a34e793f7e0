import { commentPayload, issuePayload } from '../payload/issue.ts';
import { labelPayload, pullPayload } from '../payload/pull.ts';
import { repositoryId, repositoryPayload } from '../payload/repository.ts';
import { userPayload } from '../payload/user.ts';
import { DEFAULT_BRANCH, type Repository } from '../repositories.ts';
import type { PullParts } from './pulls.ts';
import { forgetTold, type PullEvent, pullsOf, untoldOf } from './store.ts';

/**
 * Sends hooks the events of pull requests that they have not been told of; resolves when the deliveries are on disk. What
 * a kill comes between is told again: a repeat does nothing, and an event that is missing is missed for good.
 */
export function createTeller(parts: Omit<PullParts, 'queue' | 'git'>): (base: Repository) => Promise<void> {
  const { repositories, hooks, dispatcher, addresses } = parts;
  const send = (base: Repository, event: string, payload: object, login: string): Promise<void> => {
    const times = repositories.times(base);
    const repository = repositoryPayload(base, times, DEFAULT_BRANCH, addresses());
    const sender = userPayload(login, addresses());
    return dispatcher.dispatch(
      hooks.subscribedTo(event, base),
      event,
      { ...payload, repository, sender },
      { repository: base.fullName, targetId: repositoryId(base) },
    );
  };
  const tell = (base: Repository, { number, action, login, before, label, comment: id }: PullEvent) => {
    const request = pullsOf(base).find((each) => each.number === number);
    if (!request) return undefined;
    const comment = request.comments.find((each) => each.id === id);
    if (comment) {
      const payload = {
        action,
        issue: issuePayload(parts, base, request),
        comment: commentPayload(parts, base, request, comment),
      };
      return send(base, 'issue_comment', payload, login);
    }
    const pull_request = pullPayload(parts, base, request);
    const moved = action === 'synchronize' ? { before, after: request.head.sha } : {};
    const labelled = label === undefined ? {} : { label: labelPayload(base, label, addresses()) };
    return send(base, 'pull_request', { action, number, ...moved, ...labelled, pull_request }, login);
  };
  return async (base) => {
    const untold = untoldOf(base);
    for (const event of untold) await tell(base, event);
    if (untold.length > 0) forgetTold(base, untold.length);
  };
}
