import { Command } from 'commander';
import { redeliverCommand, redriveCommand, stopCommand } from './act.ts';
import { artifactsCommand } from './artifacts.ts';
import { completeCommand, completionCommand } from './completion/index.ts';
import { consoleCommand } from './console/index.ts';
import { deliveriesCommand } from './deliveries/index.ts';
import { doctorCommand } from './doctor/index.ts';
import { hooksCommand } from './hooks.ts';
import { outputsCommand } from './outputs-command.ts';
import { replayCommand } from './replay/index.ts';
import { rulesCommand } from './rules.ts';
import { secretCommand } from './secret.ts';
import { upCommand } from './up/index.ts';

const EXIT_CODES = `
Exit codes:
  0  done
  1  something failed: one line on standard error says what
  2  the call was wrong`;

/** The `hookline` command: every command of it, declared; what one needs is loaded when it runs. */
export function program(): Command {
  const all = new Command('hookline')
    .description('a git push becomes a running pipeline on AWS')
    .addCommand(upCommand())
    .addCommand(outputsCommand())
    .addCommand(doctorCommand())
    .addCommand(consoleCommand())
    .addCommand(deliveriesCommand())
    .addCommand(redeliverCommand())
    .addCommand(redriveCommand())
    .addCommand(stopCommand())
    .addCommand(replayCommand())
    .addCommand(rulesCommand())
    .addCommand(artifactsCommand())
    .addCommand(secretCommand())
    .addCommand(hooksCommand())
    .addCommand(completionCommand())
    .addCommand(completeCommand(program), { hidden: true });
  finish(all);
  return all;
}

/** A wrong call exits with 2, so that a script can tell it from a failure. */
function finish(command: Command): void {
  command.addHelpText('after', EXIT_CODES);
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  command.commands.forEach(finish);
}
