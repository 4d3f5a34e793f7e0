import { fetchPart } from './fetch-part.ts';
import type { PullContext } from './pull-context.ts';
import { bareRepository } from './repository.ts';

/** What a commit says of itself, in UTF-8. */
export interface CommitText {
  readonly subject: string;
  readonly message: string;
  readonly author: string;
  /** the committer's time, ISO */
  readonly time: string;
}

/** Reads a commit of the host, without its files. @param id a commit, or a tag of one */
export async function commitText({ git, remote }: PullContext, id: string): Promise<CommitText> {
  const repo = await bareRepository(git, id);
  await fetchPart(git, repo, remote, id, { filter: 'tree:0', depth: 1 });
  const format = '--format=%s%x00%an%x00%cI%x00%B';
  const shown = await git.run(['log', '-1', format, '--end-of-options', `${id}^{commit}`], { repo });
  const [subject = '', author = '', time = '', message = ''] = shown.split('\0');
  return { subject, author, time, message: message.trimEnd() };
}
