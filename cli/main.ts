import { Command } from 'commander';
import { redeliverCommand, redriveCommand, stopCommand } from './act.ts';
import { artifactsCommand } from './artifacts.ts';
import { deliveriesCommand } from './deliveries.ts';
import { hooksCommand } from './hooks.ts';
import { outputsCommand } from './outputs.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { secretCommand } from './secret.ts';
import { upCommand } from './up/index.ts';

/**
 * The `hookline` command. Exit codes: 0 done, 1 something failed (one line on stderr says what), 2 the call was wrong.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('hookline')
    .description('a git push becomes a running pipeline on AWS')
    .configureHelp({ showGlobalOptions: true })
    .addCommand(upCommand())
    .addCommand(outputsCommand())
    .addCommand(deliveriesCommand())
    .addCommand(redeliverCommand())
    .addCommand(redriveCommand())
    .addCommand(stopCommand())
    .addCommand(replayCommand())
    .addCommand(rulesCommand())
    .addCommand(artifactsCommand())
    .addCommand(secretCommand())
    .addCommand(hooksCommand());
  exitByKind(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.stderr.write(`hookline: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** A wrong call exits with 2, so that a script can tell it from a failure. */
function exitByKind(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  command.commands.forEach(exitByKind);
}
