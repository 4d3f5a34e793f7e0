import { resolve } from 'node:path';
import { Command } from 'commander';
import { port } from '../options.ts';
import { DEFAULT_DATA, dataOption } from '../target.ts';
import type { UpOptions } from './up.ts';

export function upCommand(): Command {
  return new Command('up')
    .description('run everything on this machine and show a push going the whole way')
    .option('--port <number>', 'the one port everything is served on, 0 for a free one', port, 4566)
    .addOption(dataOption('where the state is kept'))
    .option('--rules <folder>', 'the rule files, watched for changes (default: events/rules)')
    .option('--no-demo', 'start empty, without the demo repository and its push')
    .option('--json', 'every address and name as a line of JSON, once all runs and the demo is done')
    .action(async (given: UpOptions) => {
      const options = { ...given, data: given.data || DEFAULT_DATA };
      // Every other command would load the local runtime too.
      const { checkReady } = await import('./ready.ts');
      await checkReady(options.port, resolve(options.data), options.rules);
      const { up } = await import('./up.ts');
      await up(options);
    });
}
