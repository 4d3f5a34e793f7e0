import type { Git } from '../git.ts';

/** A commit in a push event. */
export interface PushedCommit {
  readonly id: string;
  readonly tree_id: string;
  readonly distinct: boolean;
  readonly message: string;
  readonly timestamp: string;
  readonly url: string;
  readonly author: { name: string; email: string; date: string };
  readonly committer: { name: string; email: string; date: string };
  readonly added: string[];
  readonly removed: string[];
  readonly modified: string[];
}

// GitHub leaves the lists of files empty for a commit with more files than this.
const MAX_FILES = 3000;

const MARK = '\x01';
const FORMAT = [MARK, '%H', '%T', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x00');

/**
 * The commits in the order of their ids, each with what it changed against its first parent.
 * @param distinct the ids that no ref held before
 * @param html the repository's address
 */
export async function readCommits(
  git: Git,
  folder: string,
  ids: readonly string[],
  distinct: ReadonlySet<string>,
  html: string,
): Promise<PushedCommit[]> {
  if (ids.length === 0) return [];
  const out = await git.feed(
    folder,
    ids,
    'log',
    '--stdin',
    '--no-walk=unsorted',
    '--encoding=UTF-8',
    '--root',
    '--diff-merges=first-parent',
    '--no-renames',
    '--name-status',
    '-z',
    `--format=${FORMAT}%x00`,
  );
  return parseLog(out, distinct, html);
}

function parseLog(out: string, distinct: ReadonlySet<string>, html: string): PushedCommit[] {
  const tokens = out.split('\0');
  const commits: PushedCommit[] = [];
  for (let at = 0; at < tokens.length; ) {
    if (tokens[at] !== MARK) {
      at++;
      continue;
    }
    const fields = tokens.slice(at + 1, at + 10);
    at += 10;
    const files: [status: string, path: string][] = [];
    for (; at < tokens.length && tokens[at] !== MARK; at++) {
      const status = (tokens[at] ?? '').trim();
      if (/^[AMDT]$/.test(status)) files.push([status, tokens[++at] ?? '']);
    }
    commits.push(commitOf(fields, files, distinct, html));
  }
  return commits;
}

function commitOf(
  fields: readonly string[],
  files: readonly [string, string][],
  distinct: ReadonlySet<string>,
  html: string,
): PushedCommit {
  const [id = '', tree = '', name = '', email = '', date = '', committer = '', address = '', timestamp = ''] =
    fields;
  const listed = files.length > MAX_FILES ? [] : files;
  const of = (...wanted: string[]): string[] =>
    listed.filter(([status]) => wanted.includes(status)).map(([, path]) => path);
  return {
    id,
    tree_id: tree,
    distinct: distinct.has(id),
    message: (fields[8] ?? '').replace(/\n+$/, ''),
    timestamp,
    url: `${html}/commit/${id}`,
    author: { name, email, date },
    committer: { name: committer, email: address, date: timestamp },
    added: of('A'),
    removed: of('D'),
    modified: of('M', 'T'),
  };
}
