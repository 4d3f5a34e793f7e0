import type { Fetched } from '../content.ts';
import type { Git, Repo } from '../git.ts';
import { keptKeyOf } from '../input.ts';
import { progress } from '../log.ts';
import type { PullContext } from '../pull-context.ts';
import type { Artifact } from '../store.ts';
import { attributesOf } from './changes.ts';
import { type KeptObject, readKept, writeKept } from './kept.ts';

/** The git that makes the artifacts: another one may deflate in another way. */
export async function gitVersion(git: Git): Promise<string> {
  return (await git.run(['version'])).trim();
}

/** What the last pull of the repository has kept. A pull does not fail of this. */
export async function keptOf({ input }: PullContext): Promise<KeptObject | undefined> {
  try {
    return await readKept(input.bucket, keptKeyOf(input));
  } catch (error) {
    progress(`what was kept of the last pull cannot be read: ${String(error)}`);
    return undefined;
  }
}

/**
 * Keeps what the next pull of the repository can begin with, where no entry of the artifact depends on the commit. Nothing
 * of an artifact that another pull has made. A pull does not fail of this.
 */
export async function keepFor(
  { git, input }: PullContext,
  { repo, commit }: Fetched,
  { sha256, bytes }: Artifact,
  { kept, checked }: { kept: KeptObject | undefined; checked: boolean },
): Promise<void> {
  if (sha256 === undefined) return;
  try {
    if (!checked && (await dependsOnCommit(git, repo, commit))) return;
    const args = ['pack-objects', '--quiet', '--revs', '--filter=blob:none', '--stdout'];
    const pack = await git.bytes(args, { repo, input: `${commit}\n` });
    const next = { commit, sha256, bytes, git: await gitVersion(git) };
    await writeKept(input.bucket, keptKeyOf(input), next, pack, kept?.etag);
  } catch (error) {
    progress(`nothing is kept for the next pull: ${String(error)}`);
  }
}

/** Whether the commit has submodules, or files in which its formats are substituted: such an entry may differ by itself. */
async function dependsOnCommit(git: Git, repo: Repo, commit: string): Promise<boolean> {
  for (const { id } of await attributesOf(git, repo, commit)) {
    const text = await git.run(['cat-file', 'blob', id], { repo });
    if (text.includes('export-subst')) return true;
  }
  return false;
}
