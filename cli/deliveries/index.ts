import { Command, Option } from 'commander';
import { FILTERS } from '../../operate/deliveries/filters.ts';
import { OUTCOME_WORDS, outcomesOf, QUIET } from '../../operate/deliveries/outcome-filter.ts';
import { PIPELINE_WORDS, statusOfWord } from '../../operate/deliveries/pipeline-words.ts';
import { argument, count, examples, nonEmpty, optionOf, time } from '../options.ts';
import { type Target, targeted } from '../target.ts';
import type { ListOptions } from './list.ts';

const ARGUMENT =
  'its id on the git host or the beginning of it, for its last run; or the ARN of its execution';

export function deliveriesCommand(): Command {
  return new Command('deliveries')
    .description('the deliveries that came in, and their outcomes')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(watchCommand())
    .addCommand(logsCommand());
}

function filtered(command: Command): Command {
  for (const name of FILTERS)
    if (name === 'outcome') command.addOption(outcomeOption());
    else if (name === 'pipelineStatus') command.addOption(pipelineStatusOption());
    else
      command.option(
        `${optionOf(name)} <value>`,
        `only this ${FILTER_DESCRIPTIONS[name] ?? name}; a * at the end stands for anything`,
        nonEmpty,
      );
  return targeted(command)
    .option('--limit <number>', 'how many at most', count, 50)
    .option(
      '--all',
      `also ${QUIET.join(', ')}, which are counted otherwise; --json and --outcome leave none out`,
    );
}

const FILTER_DESCRIPTIONS: Readonly<Partial<Record<(typeof FILTERS)[number], string>>> = {
  repository: 'repository, as owner/name or a part of it',
  ref: 'ref, as main, "tag v1" or refs/heads/main',
  commit: 'commit, or what begins it',
  deliveryId: 'delivery id, or what begins it',
  replayName: 'replay name',
};

function outcomeOption(): Option {
  return new Option(
    '--outcome <outcomes>',
    'only these outcomes, with commas or again for more; ! before one leaves it out',
  )
    .choices(OUTCOME_WORDS)
    .argParser((value, before: string | undefined) => {
      nonEmpty(value);
      argument(() => outcomesOf(value));
      return before === undefined ? value : `${before},${value}`;
    });
}

function pipelineStatusOption(): Option {
  return new Option('--pipeline-status <status>', 'only deliveries whose pipeline came to this')
    .choices(PIPELINE_WORDS)
    .argParser((value) => argument(() => statusOfWord(value)));
}

function listCommand(): Command {
  return examples(
    filtered(new Command('list')),
    'deliveries list --outcome failed --since 1h',
    'deliveries list --pipeline-status failed',
    "deliveries list --repository 'acme/*' --ref main --all",
    'deliveries list --since 2026-01-31T09:00:00Z --until 2026-01-31T10:00:00Z --json',
  )
    .description('deliveries, newest first')
    .option('--since <time>', 'the oldest wanted, as 1h, 2d, yesterday (UTC) or 2026-01-31T09:00:00Z', time)
    .option('--until <time>', 'the newest wanted, in the same forms', time)
    .option('--cursor <text>', 'where the page before this one ended')
    .action(async (options: ListOptions) => (await import('./list.ts')).printDeliveries(options));
}

function showCommand(): Command {
  return examples(targeted(new Command('show')), 'deliveries show 4f3a21c0')
    .description('one delivery: its path through the machine, its artifact, its pipeline')
    .argument('<delivery>', ARGUMENT)
    .action(async (id: string, options: Target) => (await import('./show.ts')).printDelivery(id, options));
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
