import { Command } from 'commander';
import type { Connection } from '../../operate/connection/connection.ts';
import type { DeliveryRow } from '../../operate/deliveries/index.ts';
import { examples, time } from '../options.ts';
import { print, printJson } from '../print.ts';
import { type Target, targeted, targetText, withTarget } from '../target.ts';
import { withFilters } from './filter-options.ts';
import type { ManyOptions } from './redeliver-many.ts';

export function redeliverCommand(): Command {
  const command = withFilters(targeted(new Command('redeliver')))
    .description(
      'run a delivery, or all that pass filters, again from the beginning, with the rule as it is now',
    )
    .argument('[delivery]', `${DELIVERY}; without one, filters say which`)
    .option('--since <time>', 'the oldest wanted, as 1h, 2d, yesterday (UTC) or 2026-01-31T09:00:00Z', time)
    .option('--until <time>', 'the newest wanted, in the same forms; now by default', time)
    .option('--dry-run', 'print how many there are, and run none')
    .option('--yes', 'do not ask before many are run')
    .option('--resume <name>', 'go on with many that were interrupted, by the name that was printed')
    .action(async (id: string | undefined, options: ManyOptions) => {
      const { redeliverAll, refuseBoth } = await import('./redeliver-many.ts');
      if (id === undefined) return redeliverAll(options);
      refuseBoth(command, id);
      return redeliverOne(id, options);
    });
  return examples(
    command,
    'redeliver 4f3a21c0',
    'redeliver --outcome PullFailed --since 1h',
    "redeliver --outcome failed --since 2d --repository 'acme/*' --yes --json",
  );
}

const redeliverOne = (id: string, target: Target): Promise<void> =>
  onDelivery(id, target, 'Started', async (connection, row, options) => {
    // The delivery would end in the same way again: the hint comes first.
    const isRefused = row.outcome === 'Rejected' || row.error === 'CommitUnreachable';
    const { nextStepLines } = await import('./draw.ts');
    if (isRefused && !options.json) print(`${nextStepLines(row, targetText(options)).join('\n').trim()}\n`);
    const { redeliver } = await import('../../operate/deliveries/actions.ts');
    return redeliver(connection, row);
  });

export function redriveCommand(): Command {
  return deliveryCommand('redrive', 'Goes on:', async (connection, row) => {
    const { redrive } = await import('../../operate/deliveries/actions.ts');
    await redrive(connection, row);
    return row.executionArn;
  }).description('go on with a failed delivery at the state that failed');
}

export function stopCommand(): Command {
  return deliveryCommand('stop', 'Stopped', async (connection, row) => {
    const { stop } = await import('../../operate/deliveries/actions.ts');
    await stop(connection, row);
    return row.executionArn;
  }).description('stop a running delivery, and its build with it');
}

type Action = (connection: Connection, row: DeliveryRow, options: Target) => Promise<string>;

const DELIVERY = 'its id on the git host, or the beginning of it';

/**
 * A command that acts on one delivery.
 * @param done the words in front of the ARN in the command's output
 * @param action gives the ARN of the execution that it acted on
 */
function deliveryCommand(name: string, done: string, action: Action): Command {
  return examples(targeted(new Command(name)), `${name} 4f3a21c0`)
    .argument('<delivery>', DELIVERY)
    .action((id: string, options: Target) => onDelivery(id, options, done, action));
}

const onDelivery = (id: string, options: Target, done: string, action: Action): Promise<void> =>
  withTarget(options, async (connection) => {
    const { findDelivery } = await import('../../operate/deliveries/delivery.ts');
    const executionArn = await action(connection, await findDelivery(connection, id), options);
    if (options.json) printJson({ executionArn });
    else print(`${done} ${executionArn}\nSee hookline deliveries show ${executionArn}${targetText(options)}`);
  });
