import { Command } from 'commander';
import { examples, time } from '../options.ts';
import { targeted } from '../target.ts';
import type { ActOptions } from './act.ts';
import { withFilters } from './filter-options.ts';
import type { ManyOptions } from './redeliver-many.ts';

export function redeliverCommand(): Command {
  const command = withFilters(targeted(new Command('redeliver')))
    .description(
      'run a delivery, or all that pass filters, again from the beginning, with the rule as it is now',
    )
    .argument('[delivery]', `${DELIVERY}; without one, filters say which`)
    .option(
      '--since <time>',
      'the oldest wanted, as 1h, 2d, yesterday or 2026-01-31T09:00:00Z; UTC without a zone',
      time,
    )
    .option('--until <time>', 'the newest wanted, in the same forms; now by default', time)
    .option('--dry-run', 'print how many there are, and run none')
    .option('--yes', 'do not ask before many are run')
    .option('--resume <name>', 'go on with many that were interrupted, by the name that was printed')
    .option('--watch', WATCH)
    .option('--force', 'run also what would end as before')
    .action(async (id: string | undefined, options: ManyOptions & ActOptions) => {
      const { redeliverAll, refuseBoth } = await import('./redeliver-many.ts');
      if (id === undefined) return redeliverAll(options);
      refuseBoth(command, id);
      return (await import('./act.ts')).redeliverOne(id, options);
    });
  return examples(
    command,
    'redeliver 4f3a21c0 --watch',
    'redeliver --outcome PullFailed --since 1h',
    "redeliver --outcome failed --since 2d --repository 'acme/*' --yes --json",
  );
}

export function redriveCommand(): Command {
  return deliveryCommand('redrive', 'go on with a failed delivery at the state that failed')
    .option('--watch', WATCH)
    .action(async (id: string, options: ActOptions) => (await import('./act.ts')).redriveOne(id, options));
}

export function stopCommand(): Command {
  return deliveryCommand('stop', 'stop a running delivery, and its build with it').action(
    async (id: string, options: ActOptions) => (await import('./act.ts')).stopOne(id, options),
  );
}

const DELIVERY =
  'its id on the git host, or the beginning of it, for its last run; or the ARN of its execution';
const WATCH = 'wait for its end, and show it; many are waited for anyway';

const deliveryCommand = (name: string, description: string): Command =>
  examples(targeted(new Command(name)), `${name} 4f3a21c0`)
    .description(description)
    .argument('<delivery>', DELIVERY);
