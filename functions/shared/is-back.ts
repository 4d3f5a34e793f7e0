import { isClosedSince } from './closed.ts';
import type { EndedState } from './end-pipeline.ts';
import { pointerOf } from './move-pointer.ts';
import { readRef } from './ref-record.ts';
import { readStarted } from './started.ts';

/** Whether the ref is there, by the last look at it. */
export async function isThereAgain(state: EndedState): Promise<boolean> {
  const { published } = await readRef(pointerOf(state));
  return published !== undefined && published.commit !== '';
}

/** Whether a commit of the request was built of which the host has told later. */
export async function isOpenAgain(
  id: string,
  name: string,
  { time }: Pick<EndedState, 'time'>,
): Promise<boolean> {
  const started = await readStarted(id, name);
  return started !== undefined && !isClosedSince(time, started.time);
}
