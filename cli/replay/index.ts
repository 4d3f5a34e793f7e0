import { Command } from 'commander';
import { collect, examples, time } from '../options.ts';
import { targeted } from '../target.ts';
import type { ReplayOptions } from './replay.ts';

export function replayCommand(): Command {
  return examples(
    targeted(new Command('replay')),
    'replay --from 2026-01-31T09:00:00Z --rule default --dry-run',
    'replay --from 2026-01-31T09:00:00Z --to 2026-01-31T10:00:00Z --rule default',
  )
    .description('run the archived events of a span of time again; an interrupt cancels the replay')
    .requiredOption(
      '--from <time>',
      'the first event, as 1h, yesterday or 2026-01-31T09:00:00Z; UTC without a zone',
      time,
    )
    .option('--to <time>', 'the end of the span, in the same forms; now by default', time)
    .option('--rule <name>', 'only to this rule; again for another', collect, [])
    .option('--dry-run', 'print the number of matches for each rule, and replay nothing')
    .action(async (options: ReplayOptions) => (await import('./replay.ts')).replay(options));
}
