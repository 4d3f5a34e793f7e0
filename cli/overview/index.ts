import { Command } from 'commander';
import { examples, time } from '../options.ts';
import { targeted } from '../target.ts';
import type { OverviewOptions } from './run.ts';

export function overviewCommand(): Command {
  return examples(
    targeted(new Command('overview')),
    'overview',
    'overview --since 7d --stack Hookline --json',
  )
    .description('what happened in a span of time, by repository and rule, and what fails now')
    .option(
      '--since <time>',
      'the oldest wanted, as 1h, 2d, yesterday or 2026-01-31T09:00:00Z; UTC without a zone; 1d by default',
      time,
    )
    .option('--until <time>', 'the newest wanted, in the same forms; now by default', time)
    .action(async (options: OverviewOptions) => (await import('./run.ts')).printOverview(options));
}
