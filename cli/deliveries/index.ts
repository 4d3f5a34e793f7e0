import { Command, Option } from 'commander';
import { QUIET } from '../../operate/deliveries/outcome-filter.ts';
import { count, examples, time } from '../options.ts';
import { type Target, targeted } from '../target.ts';
import { withFilters } from './filter-options.ts';
import type { ListOptions } from './list.ts';

const ARGUMENT =
  'its id on the git host or the beginning of it, for its last run; or the ARN of its execution';

export function deliveriesCommand(): Command {
  return new Command('deliveries')
    .description('the deliveries that came in, and their outcomes')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(payloadCommand())
    .addCommand(watchCommand())
    .addCommand(logsCommand());
}

const filtered = (command: Command): Command =>
  targeted(withFilters(command))
    .option('--limit <number>', 'how many at most', count, 50)
    .option(
      '--all',
      `also ${QUIET.join(', ')}, which are counted otherwise; --json, --json-lines, --csv and --outcome leave none out`,
    );

function listCommand(): Command {
  return examples(
    filtered(new Command('list')),
    'deliveries list --outcome failed --since 1h',
    'deliveries list --pipeline-status failed',
    "deliveries list --repository 'acme/*' --ref main --all",
    'deliveries list --since 2026-01-31T09:00:00Z --until 2026-01-31T10:00:00Z --json',
    'deliveries list --since 7d --limit 100000 --csv > deliveries.csv',
  )
    .description('deliveries, newest first')
    .option(
      '--since <time>',
      'the oldest wanted, as 1h, 2d, yesterday or 2026-01-31T09:00:00Z; UTC without a zone',
      time,
    )
    .option('--until <time>', 'the newest wanted, in the same forms', time)
    .option('--cursor <text>', 'where the page before this one ended')
    .addOption(new Option('--csv', 'as CSV, with a line of names first').conflicts(['json', 'jsonLines']))
    .addOption(new Option('--json-lines', 'as JSON, a delivery a line').conflicts('json'))
    .action(async (options: ListOptions) => (await import('./list.ts')).printDeliveries(options));
}

function showCommand(): Command {
  return examples(
    targeted(new Command('show')),
    'deliveries show 4f3a21c0',
    'deliveries show 4f3a21c0 --watch',
  )
    .description('one delivery: its path through the machine, its artifact, its pipeline')
    .argument('<delivery>', ARGUMENT)
    .option('--watch', 'follow all of its runs until each has ended; with --json, a line for each change')
    .action(async (id: string, options: Target & { watch?: boolean }) => {
      if (options.watch) await (await import('./follow.ts')).followDelivery(id, options);
      else await (await import('./show.ts')).printDelivery(id, options);
    });
}

function payloadCommand(): Command {
  return examples(
    targeted(new Command('payload')),
    'deliveries payload 4f3a21c0',
    'deliveries payload 4f3a21c0 > payload.json',
    'deliveries payload 4f3a21c0 --curl',
  )
    .description('the payload of a delivery as its host sent it; --json has the headers too')
    .argument('<delivery>', ARGUMENT)
    .addOption(
      new Option('--curl', 'the whole request as a command that sends it to the door again').conflicts(
        'json',
      ),
    )
    .action(async (id: string, options: Target & { curl?: boolean }) =>
      (await import('./payload.ts')).printPayload(id, options),
    );
}

function watchCommand(): Command {
  return examples(
    filtered(new Command('watch')),
    'deliveries watch',
    "deliveries watch --ref 'refs/tags/*' --json",
  )
    .description(
      'deliveries as they come and end, until interrupted: a table, or lines where there is no terminal',
    )
    .action(async (options: ListOptions) => (await import('./watch.ts')).watch(options));
}

function logsCommand(): Command {
  return examples(targeted(new Command('logs')), 'deliveries logs 4f3a21c0 --state Pull')
    .description('the log lines of the functions and the build of a delivery')
    .argument('<delivery>', ARGUMENT)
    .option('--state <name>', 'of this state only, for example Pull')
    .action(async (id: string, options: Target & { state?: string }) =>
      (await import('./show.ts')).printLogs(id, options),
    );
}
