import { createInterface } from 'node:readline/promises';

/**
 * Asks a person for a yes, on standard error.
 * @throws where nobody can be asked
 */
export async function confirm(
  question: string,
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<boolean> {
  if (!input.isTTY) throw new Error(`${question} nobody can be asked here: give --yes`);
  const lines = createInterface({ input, output });
  // An interrupt or the end of the input is no answer.
  const noAnswer = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), noAnswer]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
