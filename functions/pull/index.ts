import { type ErrorName, errors, HooklineError, pullExitStatus } from '../shared/errors.ts';
import { unreached } from '../shared/unreached.ts';
import { writeExports } from './exported.ts';
import { readInput } from './input.ts';
import { printable, redact } from './log.ts';
import { pull } from './pull.ts';

/** The program of the pull's build: its exit status names its error, since the machine is told no more than that. */
async function main(): Promise<void> {
  // a zip holds local times: the same commit makes the same bytes wherever the build runs
  process.env.TZ = 'UTC';
  try {
    const input = readInput();
    await writeExports(input.exports, await pull(input));
  } catch (error) {
    process.exitCode = writeError(error);
  }
}

/** Writes the error as the program's last words. @returns the exit status that names it */
function writeError(error: unknown): number {
  const { name, message } = namedError(unreached(error));
  process.stderr.write(`${name}: ${printable(redact(message))}\n`);
  return pullExitStatus[name] ?? pullExitStatus[errors.pullFailed] ?? 1;
}

/** Every error by one of the pull's names: one that has no exit status of its own stands in the message. */
function namedError(error: unknown): { name: ErrorName; message: string } {
  if (error instanceof HooklineError && error.name in pullExitStatus) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const full = /\b(ENOSPC|EDQUOT)\b/.test(message);
  if (full)
    return {
      name: errors.diskFull,
      message: `${message}; give the rule \`pull: { compute: ec2 }\`, whose disk is larger`,
    };
  return { name: errors.pullFailed, message };
}

// an error that a stream or a promise has told nobody would end the program without its name
process.on('uncaughtException', (error) => process.exit(writeError(error)));
await main();
