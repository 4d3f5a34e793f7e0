import { CommanderError } from 'commander';
import { visible } from '../operate/format.ts';
import { program } from './program.ts';

/**
 * Runs the `hookline` command. Exit codes: 0 done, 1 something failed (one line on stderr says what), 2 the call was
 * wrong; a command that is interrupted sets 130 itself.
 */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCode(error);
    // Commander has written its own message.
    if (!(error instanceof CommanderError)) process.stderr.write(`hookline: ${visible(messageOf(error))}\n`);
  }
}

function exitCode(error: unknown): number {
  if (!(error instanceof CommanderError)) return 1;
  return error.exitCode === 0 ? 0 : 2;
}

/** An error's message. The error of several addresses that were all tried in vain has none of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
