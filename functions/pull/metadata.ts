import type { Folder } from './folder/folder.ts';
import type { Git, Repo } from './git.ts';

/** What an artifact's metadata and its synthetic commit are made from. */
export interface CommitFacts {
  readonly tree: string;
  /** committer's time, epoch seconds */
  readonly time: number;
  readonly subject: string;
}

/** S3 takes 2 KB of metadata in all: ref and summary get what the hashes and names leave. */
const maxRef = 900;
const maxSummary = 400;
const maxDelivery = 100;

export async function factsOf(git: Git, repo: Repo, commit: string): Promise<CommitFacts> {
  // `show` would look for the commit's changes, in trees that need not be there
  const args = ['log', '--no-walk', '--format=%T%n%ct%n%s', '--end-of-options', commit];
  const shown = await git.run(args, { repo });
  const [tree = '', time, subject = ''] = shown.split('\n');
  return { tree, time: Number(time), subject };
}

/** An artifact's metadata; the CodePipeline console shows `codepipeline-artifact-revision-summary` as the revision. */
export function metadataOf(
  { commit, ref, deliveryId }: { commit: string; ref: string; deliveryId: string },
  { tree, subject }: CommitFacts,
  folder?: Folder,
): Record<string, string> {
  return {
    commit,
    tree: folder?.tree ?? tree,
    ...(folder ? { content: folder.content } : {}),
    ref: encodedWord(ref),
    delivery: asciiText(deliveryId).slice(0, maxDelivery),
    'codepipeline-artifact-revision-summary': asciiText(`${commit.slice(0, 7)} ${subject}`)
      .slice(0, maxSummary)
      .trim(),
  };
}

/** Text that a header carries and the console shows readably: accents dropped, what has no ASCII form as `?`. */
function asciiText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[^\x20-\x7e]/gu, '?');
}

/** Text that must come back whole: ASCII as it is, anything else as RFC 2047 encoded words, as S3 itself does. */
function encodedWord(text: string): string {
  if (/^[\x21-\x7e]*$/.test(text)) return text.slice(0, maxRef);
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    // an encoded word has 75 characters at most, 45 bytes before base64
    if (Buffer.byteLength(word + character) > 45) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  const encoded = [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`);
  while (encoded.join(' ').length > maxRef) encoded.pop();
  return encoded.join(' ');
}
