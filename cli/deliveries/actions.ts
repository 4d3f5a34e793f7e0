import { Command } from 'commander';
import type { Connection } from '../../operate/connection/connection.ts';
import type { DeliveryRow } from '../../operate/deliveries/index.ts';
import { examples } from '../options.ts';
import { print, printJson } from '../print.ts';
import { type Target, targeted, targetText, withTarget } from '../target.ts';

export function redeliverCommand(): Command {
  return deliveryCommand('redeliver', 'Started', async (connection, row, options) => {
    // Told before it ends so again.
    const isRefused = row.outcome === 'Rejected' || row.error === 'CommitUnreachable';
    const { next } = await import('./draw.ts');
    if (isRefused && !options.json) print(`${next(row, targetText(options)).join('\n').trim()}\n`);
    const { redeliver } = await import('../../operate/deliveries/actions.ts');
    return redeliver(connection, row);
  }).description('run a delivery again from the beginning, with the rule as it is now');
}

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

/**
 * A command that does something with one delivery.
 * @param done what is printed before the ARN when it is done
 * @param act gives the ARN of the execution that it was done with
 */
function deliveryCommand(
  name: string,
  done: string,
  act: (connection: Connection, row: DeliveryRow, options: Target) => Promise<string>,
): Command {
  return examples(targeted(new Command(name)), `${name} 4f3a21c0`)
    .argument('<delivery>', 'its id on the git host, or the beginning of it')
    .action((id: string, options: Target) =>
      withTarget(options, async (connection) => {
        const { findDelivery } = await import('../../operate/deliveries/delivery.ts');
        const executionArn = await act(connection, await findDelivery(connection, id), options);
        if (options.json) printJson({ executionArn });
        else
          print(
            `${done} ${executionArn}\nSee hookline deliveries show ${executionArn}${targetText(options)}`,
          );
      }),
    );
}
