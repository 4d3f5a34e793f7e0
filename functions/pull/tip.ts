import { errors, HooklineError } from '../shared/errors.ts';
import type { Git } from './git.ts';
import { GitFailure } from './git-failure.ts';
import type { Remote } from './remote.ts';

/** What a host has at a ref: the object it names, and the same peeled (different only for annotated tags). */
export interface Tip {
  readonly id: string;
  readonly commit: string;
}

/** Throws `RefInvalid` for a ref that git does not take. */
export async function checkRef(git: Git, ref: string): Promise<void> {
  try {
    await git.run(['check-ref-format', ref]);
  } catch (cause) {
    // 129: git takes what begins with a dash for an option
    if (!(cause instanceof GitFailure && [1, 129].includes(cause.status))) throw cause;
    throw new HooklineError(
      errors.refInvalid,
      `ref ${JSON.stringify(ref)} is not one that git takes; rename it`,
      { cause },
    );
  }
}

/** What the host has at `ref` now, `undefined` when it has no such ref. */
export async function lookUp(git: Git, remote: Remote, ref: string): Promise<Tip | undefined> {
  const found = await git.run(
    ['ls-remote', ...refKindOptions(ref), '--end-of-options', remote.url, ref, `${ref}^{}`],
    {
      remote,
    },
  );
  // git matches the end of names, so refs/x/refs/heads/main is listed for refs/heads/main too
  const ids = new Map(
    found.split('\n').map((line) => [line.slice(line.indexOf('\t') + 1), line.split('\t')[0] ?? '']),
  );
  const id = ids.get(ref);
  return id ? { id, commit: ids.get(`${ref}^{}`) ?? id } : undefined;
}

/** Lets the host list only the refs of this kind. */
function refKindOptions(ref: string): string[] {
  if (ref.startsWith('refs/heads/')) return ['--heads'];
  return ref.startsWith('refs/tags/') ? ['--tags'] : [];
}
