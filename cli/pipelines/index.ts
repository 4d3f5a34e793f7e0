import { Command } from 'commander';
import { examples } from '../options.ts';
import { type Target, targeted } from '../target.ts';

export function pipelinesCommand(): Command {
  return examples(targeted(new Command('pipelines')), 'pipelines', 'pipelines --stack Hookline --json')
    .description('the pipelines that branches and pull requests have of their own, and when each goes')
    .action(async (options: Target) => (await import('./list.ts')).printPipelines(options));
}
