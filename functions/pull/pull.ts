import { setTimeout as wait } from 'node:timers/promises';
import type { PullResult } from '../../statemachine/payloads.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { mayPass } from '../shared/may-pass.ts';
import { artifactFor } from './artifact.ts';
import { isBehind } from './behind.ts';
import { commitValues } from './commit-values.ts';
import { nextToken, type TakenToken } from './fencing-token.ts';
import { submoduleOf } from './fetch-submodule.ts';
import { type PullInput, pointerOf } from './input.ts';
import { judge } from './judge.ts';
import { requireLfs } from './lfs.ts';
import { progress } from './log.ts';
import { type Look, lookUntilOnRef } from './look.ts';
import { lookUntilMerged } from './merge-ref.ts';
import { isOnRef } from './on-ref.ts';
import { newPullContext, type PullContext, withHome } from './pull-context.ts';
import { untilReachable } from './replica.ts';
import { withRetries } from './retry.ts';
import { checkRef, lookUp, type Tip } from './tip.ts';

/**
 * Makes the artifact of the delivered commit, and of the ref's tip when the ref has moved on, and says what the host
 * had at the ref under which fencing token. Throws `HooklineError`s of the pull.
 */
export function pull(input: PullInput): Promise<PullResult> {
  return withHome(async (home) => {
    const work = await newPullContext(input, home);
    await checkRef(work.git, input.ref);
    const { taken: isTaken, reason } = await judge(work);
    if (!isTaken) return { ...filtered(input), reason };
    if (input.options.lfs) await requireLfs(work.git);
    return untilReachable(() => pullRef(work, reason));
  });
}

/** Looks the ref up, and makes the artifacts of what is found. @param reason why the rule takes the delivered commit */
async function pullRef(work: PullContext, reason: string): Promise<PullResult> {
  const { tip, onRef, behind, ...taken } = await lookAtRef(work);
  if (!tip) return gone(work.input, taken.token);
  if (behind) return givesWay(work, taken.token, tip);
  const pulled = onRef ? await pullTip(work, taken, tip) : await offRef(work, taken, tip);
  return { ...pulled, reason, ...(onRef ? await commitValues(work, pulled.commit) : {}) };
}

function lookAtRef(work: PullContext): Promise<Look & { readonly onRef: boolean }> {
  const { input } = work;
  const lookUp = () => withRetries(() => claimAndLookUp(work, pointerOf(input)));
  if (input.mergeOf) return lookUntilMerged(work, input.mergeOf, lookUp);
  return lookUntilOnRef(input, { lookUp, isOnRef: (found) => isOnRef(work, found), wait, say: progress });
}

/** Together, so that another try of the look-up has a token of its own (I4). */
async function claimAndLookUp({ git, remote, input }: PullContext, pointer: string): Promise<Look> {
  const taken = await nextToken(pointer);
  const tip = await lookUp(git, remote, input.ref);
  progress(`token ${taken.token}: ${input.ref} is ${tip ? `at ${tip.id}` : 'gone'} at ${remote.url}`);
  return { ...taken, tip, behind: isBehind(input, taken.claimed, tip) };
}

async function pullTip(work: PullContext, { token, published }: TakenToken, tip: Tip): Promise<PullResult> {
  const delivered = work.input.delivered ?? tip.id;
  const peeled = delivered === tip.id ? tip.commit : undefined;
  const artifact = await artifactFor(work, delivered, peeled, [published]);
  const moved = tip.commit !== artifact.commit;
  if (moved) progress(`${work.input.ref} has moved on from ${artifact.commit} to ${tip.commit}`);
  const tipKey = moved ? await tipKeyIfMade(work, tip, [artifact.key, published]) : artifact.key;
  return {
    outcome: 'pulled',
    token: String(token),
    commit: artifact.commit,
    tip: tipKey === undefined ? '' : tip.commit,
    key: artifact.key,
    versionId: artifact.versionId,
    tipKey: tipKey ?? '',
    bytes: String(artifact.bytes),
    content: artifact.content,
  };
}

/**
 * `undefined` where the tip becomes no artifact: what becomes of the delivered commit does not depend on it (I10). What may
 * pass is thrown, for the pointer follows the ref then (I4); another host's outage, which says nothing of ours, is not.
 */
async function tipKeyIfMade(work: PullContext, tip: Tip, earlier: readonly string[]) {
  if (work.input.ofFork) {
    progress(`${tip.commit} is not the approved commit, and the pointer stays`);
    return undefined;
  }
  try {
    return await untilReachable(() => tipKeyOf(work, tip, earlier));
  } catch (error) {
    if (!(error instanceof HooklineError) || (mayPass(error) && !isOfOtherHost(error))) throw error;
    progress(`${tip.commit} becomes no artifact, and the pointer stays: ${error.message}`);
    return undefined;
  }
}

function isOfOtherHost(error: HooklineError): boolean {
  const submodule = submoduleOf(error);
  return submodule !== undefined && submodule.trust === undefined;
}

/** The key of the tip's artifact, none where the tip has no more the folder that the rule takes. */
async function tipKeyOf(work: PullContext, tip: Tip, earlier: readonly string[]): Promise<string> {
  try {
    return (await artifactFor(work, tip.id, tip.commit, earlier)).key;
  } catch (error) {
    if (!(error instanceof HooklineError && error.name === errors.folderMissing)) throw error;
    progress(error.message);
    return '';
  }
}

/** The pointer follows the ref all the same (I4); the delivered commit becomes no artifact. */
async function offRef(work: PullContext, { token, published }: TakenToken, tip: Tip): Promise<PullResult> {
  const { mergeOf, delivered = mergeOf?.head ?? '' } = work.input;
  const tipKey = await tipKeyIfMade(work, tip, [published]);
  const nothing = { key: '', versionId: '', bytes: '' };
  return {
    outcome: 'off-ref',
    token: String(token),
    commit: delivered,
    tip: tipKey === undefined ? '' : tip.commit,
    tipKey: tipKey ?? '',
    ...nothing,
  };
}

const NOTHING = { tip: '', key: '', versionId: '', tipKey: '', bytes: '' };

/** No token is taken: what the rule does not take leaves the ref's record as it is. */
function filtered({ mergeOf, delivered = mergeOf?.head ?? '' }: PullInput): PullResult {
  return { outcome: 'filtered', token: '0', commit: delivered, ...NOTHING };
}

/** Neither the delivered commit nor the tip is fetched: the newer delivery does that, and moves the pointer (I4). */
function givesWay({ input }: PullContext, token: number, tip: Tip): PullResult {
  const { ref, delivered = '' } = input;
  const reason = `${ref} had moved on to ${tip.id} when the build started, and the rule takes a newer push: no artifact of ${delivered} was made`;
  progress(reason);
  return { outcome: 'behind', token: String(token), commit: delivered, ...NOTHING, tip: tip.id, reason };
}

function gone({ mergeOf, delivered = mergeOf?.head ?? '' }: PullInput, token: number): PullResult {
  return { outcome: 'gone', token: String(token), commit: delivered, ...NOTHING };
}
