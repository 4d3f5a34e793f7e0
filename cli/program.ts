import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { artifactsCommand } from './artifacts/index.ts';
import { completeCommand, completionCommand } from './completion/index.ts';
import { consoleCommand } from './console/index.ts';
import { redeliverCommand, redriveCommand, stopCommand } from './deliveries/actions.ts';
import { deliveriesCommand } from './deliveries/index.ts';
import { doctorCommand } from './doctor/index.ts';
import { hooksCommand } from './hooks/index.ts';
import { openCommand } from './open/index.ts';
import { examples } from './options.ts';
import { outputsCommand } from './outputs/index.ts';
import { overviewCommand } from './overview/index.ts';
import { pipelinesCommand } from './pipelines/index.ts';
import { reconcileCommand } from './reconcile/index.ts';
import { replayCommand } from './replay/index.ts';
import { rulesCommand } from './rules/index.ts';
import { secretCommand } from './secret/index.ts';
import { upCommand } from './up/index.ts';

const EXIT_CODES = `
Exit codes:
  0    done
  1    something failed: one line on standard error says what
  2    the call was wrong
  130  interrupted before all was done`;

/** The `hookline` command with all of its subcommands. Each loads its imports when it runs. */
export function program(): Command {
  const all = new Command('hookline')
    .description('a git push becomes a running pipeline on AWS')
    .version(version(), '--version', 'the version of this command')
    .addCommand(examples(upCommand(), 'up', 'up --port 0 --no-demo --data /tmp/hookline'))
    .addCommand(outputsCommand())
    .addCommand(doctorCommand())
    .addCommand(examples(consoleCommand(), 'console --stack Hookline'))
    .addCommand(openCommand())
    .addCommand(overviewCommand())
    .addCommand(deliveriesCommand())
    .addCommand(redeliverCommand())
    .addCommand(redriveCommand())
    .addCommand(stopCommand())
    .addCommand(reconcileCommand())
    .addCommand(replayCommand())
    .addCommand(rulesCommand())
    .addCommand(pipelinesCommand())
    .addCommand(artifactsCommand())
    .addCommand(secretCommand())
    .addCommand(hooksCommand())
    .addCommand(completionCommand())
    .addCommand(completeCommand(program), { hidden: true });
  prepare(all);
  return all;
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}

/** Ends the help with the exit codes, and throws where Commander would end the process. */
function prepare(command: Command): void {
  command.addHelpText('after', EXIT_CODES);
  command.exitOverride();
  command.commands.forEach(prepare);
}
