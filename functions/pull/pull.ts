import type { PullResult } from '../../statemachine/payloads.ts';
import { artifactFor } from './artifact.ts';
import { nextToken } from './fencing-token.ts';
import { type PullInput, pointerOf } from './input.ts';
import { requireLfs } from './lfs.ts';
import { progress } from './log.ts';
import { newPullContext, type PullContext, withHome } from './pull-context.ts';
import { withRetries } from './retry.ts';
import { checkRef, lookUp, type Tip } from './tip.ts';

/**
 * Makes the artifact of the delivered commit, and of the ref's tip when the ref has moved on, and says what the host
 * had at the ref under which fencing token. Throws `HooklineError`s of the pull.
 */
export function pull(input: PullInput): Promise<PullResult> {
  return withHome(async (home) => {
    const pointer = pointerOf(input);
    const work = await newPullContext(input, home);
    await checkRef(work.git, input.ref);
    if (input.options.lfs) await requireLfs(work.git);
    const { token, tip } = await withRetries(() => claimAndLookUp(work, pointer));
    return tip ? pullTip(work, token, tip) : gone(input, token);
  });
}

/** Together, so that another try of the look-up has a token of its own (I4). */
async function claimAndLookUp(
  { git, remote, input }: PullContext,
  pointer: string,
): Promise<{ token: number; tip: Tip | undefined }> {
  const token = await nextToken(pointer);
  const tip = await lookUp(git, remote, input.ref);
  progress(`token ${token}: ${input.ref} is ${tip ? `at ${tip.id}` : 'gone'} at ${remote.url}`);
  return { token, tip };
}

async function pullTip(work: PullContext, token: number, tip: Tip): Promise<PullResult> {
  const delivered = work.input.delivered ?? tip.id;
  const artifact = await artifactFor(work, delivered, delivered === tip.id ? tip.commit : undefined);
  const moved = tip.commit !== artifact.commit;
  if (moved) progress(`${work.input.ref} has moved on from ${artifact.commit} to ${tip.commit}`);
  const newest = moved ? await artifactFor(work, tip.id, tip.commit) : artifact;
  return {
    outcome: 'pulled',
    token: String(token),
    commit: artifact.commit,
    tip: newest.commit,
    key: artifact.key,
    versionId: artifact.versionId,
    tipKey: newest.key,
    bytes: String(artifact.bytes),
  };
}

function gone({ delivered = '' }: PullInput, token: number): PullResult {
  const nothing = { tip: '', key: '', versionId: '', tipKey: '', bytes: '' };
  return { outcome: 'gone', token: String(token), commit: delivered, ...nothing };
}
