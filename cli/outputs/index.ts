import { Command } from 'commander';
import { examples } from '../options.ts';
import { print, printJson } from '../print.ts';
import { type Target, targeted, withTarget } from '../target.ts';

export function outputsCommand(): Command {
  return examples(targeted(new Command('outputs')), 'outputs', 'outputs --stack Hookline --json')
    .description('where everything is: URLs, bucket, state machine, bus, archive')
    .action((options: Target) =>
      withTarget(options, async (connection) => {
        const { addressesOf } = await import('./local-address.ts');
        const addresses = options.stack === undefined ? await addressesOf(options.data) : {};
        const outputs = { ...addresses, ...connection.outputs };
        if (options.json) return printJson(outputs);
        // CloudFormation adds outputs of its own names, such as ingressApiEndpoint995BE119.
        const named = Object.entries(outputs).filter(([name]) => !/[0-9A-F]{8}$/.test(name));
        const width = Math.max(...named.map(([name]) => name.length));
        for (const [name, value] of named) print(`${name.padEnd(width)}  ${value}`);
      }),
    );
}
