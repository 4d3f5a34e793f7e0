import { skipped } from '../../events/change-filter.ts';
import { filterPaths } from '../../events/path-filter.ts';
import { skipWordIn } from '../../events/skip-words.ts';
import { changedFiles } from './changed-files.ts';
import { commitText } from './commit-facts.ts';
import { progress } from './log.ts';
import type { PullContext } from './pull-context.ts';
import { isUnreachable } from './replica.ts';

/** Whether the rule takes the delivered commit, by the filters that the payload has left open. */
export interface Judgement {
  readonly taken: boolean;
  /** in words; `""` when nothing was open */
  readonly reason: string;
}

/** Decides by git what the payload left open. What cannot be compared passes: a build too many does less harm than one too few. */
export async function judge(work: PullContext): Promise<Judgement> {
  const judged = (await judgeMessage(work)) ?? (await judgeFiles(work)) ?? { taken: true, reason: '' };
  if (judged.reason) progress(`${judged.taken ? 'taken' : 'not taken'}: ${judged.reason}`);
  return judged;
}

/** Undefined when the message does not decide. Of a commit that the host does not have, the look-up of its ref decides. */
async function judgeMessage(work: PullContext): Promise<Judgement | undefined> {
  const { asked, mergeOf, delivered = mergeOf?.head } = work.input;
  if (!asked.skip || delivered === undefined) return undefined;
  try {
    const word = skipWordIn((await commitText(work, delivered)).message);
    return word === undefined ? undefined : { taken: false, reason: skipped(word) };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    progress(`the message of ${delivered} is not to be had: ${error.message}`);
    return undefined;
  }
}

/** Undefined without an open path filter. */
async function judgeFiles(work: PullContext): Promise<Judgement | undefined> {
  const { asked } = work.input;
  if (!asked.paths && !asked['paths-ignore']) return undefined;
  const found = await changedFiles(work);
  if ('unknown' in found) return { taken: true, reason: `the path filter passes: ${found.unknown}` };
  const filtered = filterPaths(asked, found.files);
  return filtered && { taken: filtered.passes, reason: `${filtered.reason} (${found.compared})` };
}
