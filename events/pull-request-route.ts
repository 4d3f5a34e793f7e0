import type { Decision, RouteOptions } from './decision.ts';
import type { Delivery } from './delivery.ts';
import type { PullRequest } from './pull-request.ts';
import { PULL_REQUEST_DEFAULTS } from './pull-request-option.ts';

/** The actions that give a pull request another commit to build, or make it ready to be built. */
const BUILDS = ['opened', 'synchronize', 'reopened', 'ready_for_review'];

const isOfFork = ({ pullRequest }: Delivery): boolean => pullRequest?.fork ?? true;

/** Whether the rule decides on the delivery as on a pull request, or on what somebody says of one. */
export const isOfRequest = ({ asksFor }: RouteOptions, { event, pullRequest, approval }: Delivery): boolean =>
  asksFor.includes(event) && (pullRequest !== undefined || approval !== undefined);

/**
 * The delivery as the rule takes it: the ref that the rule builds of a pull request. What comes from a fork is at the
 * repository's own ref of the request; which commit of it is approved, a comment does not say for certain.
 */
export function deliveryFor(rule: RouteOptions, delivery: Delivery): Delivery {
  const { of, forks } = rule['pull-request'] ?? PULL_REQUEST_DEFAULTS;
  const { pullRequest, approval } = delivery;
  const number = pullRequest?.number ?? approval?.number;
  if (!isOfRequest(rule, delivery) || (isOfFork(delivery) && forks === 'never')) return delivery;
  if (of === 'merge') {
    const { commit: _, ...others } = delivery;
    return { ...others, ref: `refs/pull/${number}/merge` };
  }
  if (!isOfFork(delivery)) return delivery;
  const commit = pullRequest ? { commit: pullRequest.head.commit } : {};
  return { ...delivery, ref: `refs/pull/${number}/head`, ...commit };
}

/** Decides on a pull request that a rule asks for, or on what somebody says of one. */
export function decideRequest(rule: RouteOptions, delivery: Delivery): Decision {
  const { pullRequest, approval } = delivery;
  if (approval && isOfFork(delivery)) return decideApproval(rule, approval);
  return pullRequest ? decidePullRequest(rule, pullRequest) : ignored('it is about no pull request');
}

function decidePullRequest(
  { actions = [], 'pull-request': { drafts, forks } = PULL_REQUEST_DEFAULTS }: RouteOptions,
  { number, action, draft, fork, head }: PullRequest,
): Decision {
  const request = `pull request ${number}`;
  const from = `${request} comes from a fork, ${head.repository ?? 'which is gone'}`;
  if (fork && forks === 'never') return ignored(`${from}: the rule has no pull-request: { forks: approved }`);
  if (action === 'closed') return { route: 'close', reason: `${request} is closed`, byPaths: false };
  if (!BUILDS.includes(action) && !actions.includes(action))
    return ignored(
      `${request} is ${action}, which brings nothing to build: ${BUILDS.join(', ')} do, and what match.payload.action names`,
    );
  if (fork)
    return ignored(
      `${from}: somebody with write permission approves it by a comment, /ok-to-test ${head.commit}, or by the label ok-to-test`,
    );
  if (draft && !drafts)
    return ignored(`${request} is a draft: the rule has no pull-request: { drafts: true }`);
  return { route: 'pull', reason: `${request} is ${action}`, byPaths: false };
}

function decideApproval(
  { 'pull-request': { forks } = PULL_REQUEST_DEFAULTS }: RouteOptions,
  { number, commit }: NonNullable<Delivery['approval']>,
): Decision {
  if (forks === 'never')
    return ignored(
      `pull request ${number} is built from no fork: the rule has no pull-request: { forks: approved }`,
    );
  if (commit === '')
    return ignored(`the comment approves no commit: write /ok-to-test and all digits of the commit`);
  return { route: 'approve', reason: `pull request ${number} is approved at ${commit}`, byPaths: false };
}

const ignored = (reason: string): Decision => ({ route: 'ignored', reason, byPaths: false });
