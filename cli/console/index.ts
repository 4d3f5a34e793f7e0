import { Command } from 'commander';
import { port } from '../options.ts';

interface ConsoleOptions {
  readonly stack: string;
  readonly port: number;
}

export function consoleCommand(): Command {
  return new Command('console')
    .description('the console of a deployed stack, on this machine and with your own AWS credentials')
    .option('--stack <name>', 'the stack on AWS', 'Hookline')
    .option('--port <number>', 'where it is served, on the loopback interface; 0 for a free one', port, 0)
    .addHelpText('after', '\nA running "hookline up" serves its own: see consoleUrl in "hookline outputs".')
    .action(async ({ stack, port }: ConsoleOptions) => {
      const { serveConsole } = await import('./serve.ts');
      await serveConsole(stack, port);
    });
}
