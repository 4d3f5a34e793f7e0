import { program } from './program.ts';

/**
 * Runs the `hookline` command. Exit codes: 0 done, 1 something failed (one line on stderr says what), 2 the call was
 * wrong.
 */
export async function main(argv: readonly string[]): Promise<void> {
  // Whoever reads may have read enough: `hookline deliveries list | head -1`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await program().parseAsync(argv);
  } catch (error) {
    process.stderr.write(`hookline: ${said(error)}\n`);
    process.exitCode = 1;
  }
}

/** What an error says; one of several addresses that were all tried in vain says nothing itself. */
function said(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(said).join('; ');
  return error instanceof Error ? error.message : String(error);
}
