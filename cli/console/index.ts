import { Command } from 'commander';
import { port } from '../options.ts';
import type { ConsoleOptions } from './serve.ts';

export function consoleCommand(): Command {
  return new Command('console')
    .description('the console of a deployed stack, on this machine and with your own AWS credentials')
    .option('--stack <name>', 'the stack on AWS', 'Hookline')
    .option('--port <number>', 'the port of the console on the loopback interface; 0 for a free one', port, 0)
    .option('--json', 'the stack and the address of its console as a line of JSON')
    .addHelpText('after', '\nA running "hookline up" serves its own: see consoleUrl in "hookline outputs".')
    .action(async (options: ConsoleOptions) => (await import('./serve.ts')).serveConsole(options));
}
