import { setTimeout as wait } from 'node:timers/promises';
import type { PullResult } from '../../statemachine/payloads.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { artifactFor } from './artifact.ts';
import { commitValues } from './commit-values.ts';
import { nextToken, type TakenToken } from './fencing-token.ts';
import { type PullInput, pointerOf } from './input.ts';
import { judge } from './judge.ts';
import { requireLfs } from './lfs.ts';
import { progress } from './log.ts';
import { lookUntilMerged } from './merge-ref.ts';
import { isOnRef } from './on-ref.ts';
import { newPullContext, type PullContext, withHome } from './pull-context.ts';
import { withRetries } from './retry.ts';
import { checkRef, lookUp, type Tip } from './tip.ts';

/** Seconds between the looks at a ref that does not hold the delivered commit: a replica of the host may be behind. */
const REPLICA_PAUSES = [1, 3];

/**
 * Makes the artifact of the delivered commit, and of the ref's tip when the ref has moved on, and says what the host
 * had at the ref under which fencing token. Throws `HooklineError`s of the pull.
 */
export function pull(input: PullInput): Promise<PullResult> {
  return withHome(async (home) => {
    const pointer = pointerOf(input);
    const work = await newPullContext(input, home);
    await checkRef(work.git, input.ref);
    const { taken, reason } = await judge(work);
    if (!taken) return { ...filtered(input), reason };
    if (input.options.lfs) await requireLfs(work.git);
    const look = () => withRetries(() => claimAndLookUp(work, pointer));
    const { token, tip, onRef, published } = await (input.mergeOf
      ? lookUntilMerged(work, input.mergeOf, look)
      : lookUntilOnRef(work, look));
    if (!tip) return gone(input, token);
    const pulled = onRef
      ? await pullTip(work, { token, published }, tip)
      : await offRef(work, { token, published }, tip);
    return { ...pulled, reason, ...(onRef ? await commitValues(work, pulled.commit) : {}) };
  });
}

interface Look extends TakenToken {
  readonly tip: Tip | undefined;
}

async function lookUntilOnRef(
  work: PullContext,
  lookUp: () => Promise<Look>,
): Promise<Look & { onRef: boolean }> {
  const look = async () => {
    const seen = await lookUp();
    return { ...seen, onRef: !seen.tip || (await isOnRef(work, seen.tip)) };
  };
  for (const pause of REPLICA_PAUSES) {
    const seen = await look();
    if (seen.onRef) return seen;
    progress(`${work.input.delivered} is not on ${work.input.ref}: looking again in ${pause} s`);
    await wait(pause * 1000);
  }
  return look();
}

/** Together, so that another try of the look-up has a token of its own (I4). */
async function claimAndLookUp({ git, remote, input }: PullContext, pointer: string): Promise<Look> {
  const { token, published } = await nextToken(pointer);
  const tip = await lookUp(git, remote, input.ref);
  progress(`token ${token}: ${input.ref} is ${tip ? `at ${tip.id}` : 'gone'} at ${remote.url}`);
  return { token, published, tip };
}

async function pullTip(work: PullContext, { token, published }: TakenToken, tip: Tip): Promise<PullResult> {
  const delivered = work.input.delivered ?? tip.id;
  const peeled = delivered === tip.id ? tip.commit : undefined;
  const artifact = await artifactFor(work, delivered, peeled, [published]);
  const moved = tip.commit !== artifact.commit;
  if (moved) progress(`${work.input.ref} has moved on from ${artifact.commit} to ${tip.commit}`);
  return {
    outcome: 'pulled',
    token: String(token),
    commit: artifact.commit,
    tip: tip.commit,
    key: artifact.key,
    versionId: artifact.versionId,
    tipKey: moved ? await tipKeyOf(work, tip, [artifact.key, published]) : artifact.key,
    bytes: String(artifact.bytes),
    content: artifact.content,
  };
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
  const nothing = { key: '', versionId: '', bytes: '' };
  return {
    outcome: 'off-ref',
    token: String(token),
    commit: delivered,
    tip: tip.commit,
    tipKey: await tipKeyOf(work, tip, [published]),
    ...nothing,
  };
}

const NOTHING = { tip: '', key: '', versionId: '', tipKey: '', bytes: '' };

/** No token is taken: what the rule does not take leaves the ref's record as it is. */
function filtered({ mergeOf, delivered = mergeOf?.head ?? '' }: PullInput): PullResult {
  return { outcome: 'filtered', token: '0', commit: delivered, ...NOTHING };
}

function gone({ mergeOf, delivered = mergeOf?.head ?? '' }: PullInput, token: number): PullResult {
  return { outcome: 'gone', token: String(token), commit: delivered, ...NOTHING };
}
