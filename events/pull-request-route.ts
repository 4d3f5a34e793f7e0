import type { Decision, RouteOptions } from './decision.ts';
import type { PullRequest } from './pull-request.ts';
import { PULL_REQUEST_DEFAULTS } from './pull-request-option.ts';

/** The actions that give a pull request another commit to build, or make it ready to be built. */
const BUILDS = ['opened', 'synchronize', 'reopened', 'ready_for_review'];

/** Decides on a pull request that a rule asks for. */
export function decidePullRequest(
  { actions = [], 'pull-request': options = PULL_REQUEST_DEFAULTS }: RouteOptions,
  { number, action, draft, fork, head }: PullRequest,
): Decision {
  const request = `pull request ${number}`;
  if (fork)
    return ignored(`${request} comes from a fork, ${head.repository ?? 'which is gone'}: no fork is built`);
  if (action === 'closed') return { route: 'close', reason: `${request} is closed`, byPaths: false };
  if (!BUILDS.includes(action) && !actions.includes(action))
    return ignored(
      `${request} is ${action}, which brings nothing to build: ${BUILDS.join(', ')} do, and what match.payload.action names`,
    );
  if (draft && !options.drafts)
    return ignored(`${request} is a draft: the rule has no pull-request: { drafts: true }`);
  return { route: 'pull', reason: `${request} is ${action}`, byPaths: false };
}

const ignored = (reason: string): Decision => ({ route: 'ignored', reason, byPaths: false });
