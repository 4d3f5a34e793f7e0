import type { PullResult } from '../../statemachine/payloads.ts';
import { changedFiles } from './changed-files.ts';
import { commitText } from './commit-facts.ts';
import type { PullContext } from './pull-context.ts';

type CommitValues = Pick<PullResult, 'subject' | 'message' | 'author' | 'time' | 'files' | 'changed'>;

/** CodePipeline takes so much of a variable's value. */
const MAX_LIST_LENGTH = 1000;

/** What the rule's templates ask for of the delivered commit. Whether an artifact was made or found makes no difference. */
export async function commitValues(work: PullContext, commit: string): Promise<CommitValues> {
  const asks = (...names: string[]) =>
    names.some((name) => work.input.asked.values.includes(`commit.${name}`));
  const text = asks('subject', 'message', 'author', 'time') ? await commitText(work, commit) : {};
  const files = asks('files', 'changed') ? await knownFiles(work) : undefined;
  return { ...text, ...(files ? { files: String(files.length), changed: listOf(files) } : {}) };
}

async function knownFiles(work: PullContext): Promise<readonly string[] | undefined> {
  const found = await changedFiles(work);
  return 'files' in found ? found.files : undefined;
}

/** As many files as fit, as a list in JSON: a name may hold any character but a slash and the null. */
function listOf(files: readonly string[]): string {
  const listed: string[] = [];
  let length = '[]'.length;
  for (const file of files) {
    length += JSON.stringify(file).length + ','.length;
    if (length > MAX_LIST_LENGTH) break;
    listed.push(file);
  }
  return JSON.stringify(listed);
}
