import { commentPayload, issuePayload } from '../payload/issue.ts';
import { labelPayload, pullPayload } from '../payload/pull.ts';
import { repositoryId, repositoryPayload } from '../payload/repository.ts';
import { userPayload } from '../payload/user.ts';
import { DEFAULT_BRANCH, type Repository } from '../repositories.ts';
import type { PullParts, Teller } from './pulls.ts';

export function createTeller(parts: Omit<PullParts, 'queue' | 'git'>): Teller {
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
  return {
    request: (base, request, action, login, { before, label } = {}) => {
      const { number, head } = request;
      const pull_request = pullPayload(parts, base, request);
      const moved = action === 'synchronize' ? { before, after: head.sha } : {};
      const labelled = label === undefined ? {} : { label: labelPayload(base, label, addresses()) };
      return send(base, 'pull_request', { action, number, ...moved, ...labelled, pull_request }, login);
    },
    comment: (base, request, comment, action, login) => {
      const issue = issuePayload(parts, base, request);
      const payload = { action, issue, comment: commentPayload(parts, base, request, comment) };
      return send(base, 'issue_comment', payload, login);
    },
  };
}
