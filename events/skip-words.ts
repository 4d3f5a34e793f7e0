import * as z from 'zod';

/** The option `skip` of a rule: what a commit's message may say so that nothing is built. */
export const skipSchema = z
  .array(z.literal('ci-words', { error: 'expected ci-words' }))
  .min(1, { error: 'an empty list skips nothing: leave it out' });

// https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs
const WORDS = ['[skip ci]', '[ci skip]', '[no ci]', '[skip actions]', '[actions skip]'];
const TRAILER = /^skip-checks: ?true$/;

/** What a commit's message says so that GitHub Actions skips it: `[skip ci]`, or the trailer `skip-checks: true`; undefined for none. */
export function skipWordIn(message: string): string | undefined {
  const word = WORDS.find((each) => message.includes(each));
  return word ?? (TRAILER.test(lastTrailer(message)) ? 'skip-checks: true' : undefined);
}

/** The last line of the trailers, which stand at the end of a message behind an empty line. */
function lastTrailer(message: string): string {
  const paragraphs = message
    .replaceAll('\r\n', '\n')
    .trimEnd()
    .split(/\n{2,}/);
  const trailers = paragraphs.length > 1 ? (paragraphs.at(-1)?.split('\n') ?? []) : [];
  return trailers.every((line) => /^[\w-]+:/.test(line)) ? (trailers.at(-1) ?? '') : '';
}
