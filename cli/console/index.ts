import { Command } from 'commander';

interface ConsoleOptions {
  readonly stack: string;
  readonly port: string;
}

export function consoleCommand(): Command {
  return new Command('console')
    .description('the console of a deployed stack, on this machine and with your own AWS credentials')
    .option('--stack <name>', 'the stack on AWS', 'Hookline')
    .option('--port <number>', 'where it is served, on the loopback interface; 0 for a free one', '0')
    .addHelpText('after', '\nA running "hookline up" serves its own: see consoleUrl in "hookline outputs".')
    .action(async ({ stack, port }: ConsoleOptions) => {
      if (!/^\d{1,5}$/.test(port)) throw new Error(`--port takes a number from 0 to 65535, not ${port}`);
      const { serveConsole } = await import('./serve.ts');
      await serveConsole(stack, Number(port));
    });
}
