import { Command } from 'commander';
import { examples } from './options.ts';
import { print, printJson } from './print.ts';
import { type Target, targeted } from './target.ts';

export function outputsCommand(): Command {
  return examples(targeted(new Command('outputs')), 'outputs', 'outputs --stack Hookline --json')
    .description('where everything is: URLs, bucket, state machine, bus, archive')
    .action(async ({ stack, data, json }: Target) => {
      const { deployedOutputs, localOutputs } = await import('./outputs.ts');
      const outputs = stack === undefined ? await localOutputs(data) : await deployedOutputs(stack);
      if (json) return printJson(outputs);
      const width = Math.max(...Object.keys(outputs).map((name) => name.length));
      for (const [name, value] of Object.entries(outputs)) print(`${name.padEnd(width)}  ${value}`);
    });
}
