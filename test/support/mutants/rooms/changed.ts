import { execa } from 'execa';
import { ROOT } from '../tree.ts';

export interface Changed {
  /** what was looked at, in words */
  readonly what: string;
  readonly files: ReadonlySet<string>;
}

// One small guard of each kind, for a clone without history.
const SAMPLE: readonly string[] = [
  'events/providers/github/signature.ts',
  'functions/shared/dynamo.ts',
  'functions/shared/lease.ts',
  'statemachine/pull-again.ts',
];

/** The files that are another since a commit. @throws when the commit is not there */
export async function changedSince(commit: string): Promise<Changed> {
  const changed = await git('diff', '--name-only', '-z', commit);
  const added = await git('ls-files', '-z', '--others', '--exclude-standard');
  return {
    what: `changed since ${commit}`,
    files: new Set(`${changed}${added}`.split('\0').filter(Boolean)),
  };
}

/** Since this branch has left `origin/main`, or else since the last commit; a sample where there is no history. */
export async function changedHere(): Promise<Changed> {
  const head = await git('rev-parse', 'HEAD');
  const left = await git('merge-base', 'HEAD', 'origin/main').catch(() => head);
  const base = left === head ? await git('rev-parse', '--verify', 'HEAD~1').catch(() => undefined) : left;
  if (base !== undefined) return changedSince(base);
  return { what: 'of a sample, as this clone has no history to compare with', files: new Set(SAMPLE) };
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await execa('git', args, { cwd: ROOT });
  return stdout;
}
