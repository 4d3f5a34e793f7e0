import { Readable } from 'node:stream';
import { execa } from 'execa';
import { random } from '../test/support/interleave/random.ts';

const WORDS = 6000;
/** So many files are made smaller, for the files of a large tree to count and not their bytes. */
const MANY = 10_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz_';

/** A file of a made tree. */
export interface MadeFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Files like those of a program: words of which some are frequent, most files small and a few large, in folders of
 * folders. The same seed makes the same files.
 */
export function* madeTree(count: number, seed: number): Generator<MadeFile> {
  const { next, below } = random(seed);
  const word = () => Array.from({ length: 2 + below(9) }, () => LETTERS[below(LETTERS.length)]).join('');
  const words = Array.from({ length: WORDS }, word);
  const line = () => {
    const some = Array.from({ length: 3 + below(8) }, () => words[Math.floor(next() * next() * WORDS)]);
    return `${'    '.repeat(below(3))}${some.join(' ')}\n`;
  };
  for (let number = 0; number < count; number++) {
    const size = (count > MANY ? 20 : 200) * Math.exp(next() * 5.2);
    let text = '';
    while (text.length < size) text += line();
    yield { path: `part${number % 37}/module${number % 211}/file${number}.py`, text };
  }
}

/** Commits files to a branch of a bare repository, over what is there. @returns the commit */
export async function importCommit(bare: string, files: Iterable<MadeFile>, time: number): Promise<string> {
  const has = await execa('git', ['rev-parse', '--verify', '-q', 'refs/heads/main'], {
    cwd: bare,
    reject: false,
  });
  function* commands(): Generator<string> {
    yield 'commit refs/heads/main\n';
    yield `committer Bench <bench@example.com> ${time} +0000\ndata 4\nmade\n`;
    if (has.exitCode === 0) yield `from ${has.stdout}\n`;
    for (const { path, text } of files) yield `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`;
  }
  await execa('git', ['fast-import', '--quiet'], { cwd: bare, input: Readable.from(commands()) });
  return (await execa('git', ['rev-parse', 'refs/heads/main'], { cwd: bare })).stdout;
}
