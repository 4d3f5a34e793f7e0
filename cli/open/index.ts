import { Command } from 'commander';
import { examples } from '../options.ts';
import { dataOption } from '../target.ts';
import type { OpenOptions } from './run.ts';

export function openCommand(): Command {
  const command = new Command('open')
    .description('open the console of a running hookline up in a browser, at a delivery or at the list')
    .argument('[delivery]', 'its id on the git host, or the beginning of it, for its last run')
    .addOption(dataOption('state folder of the running hookline up'))
    .option('--json', 'the address as JSON, and no browser')
    .addHelpText('after', '\nThe console of a stack on AWS: "hookline console" prints its address.')
    .action(async (id: string | undefined, options: OpenOptions) =>
      (await import('./run.ts')).openConsole(id, options),
    );
  return examples(command, 'open', 'open 4f3a21c0');
}
