import { Command } from 'commander';
import type { Connection } from '../../operate/connection/connection.ts';
import type { DeliveryRow } from '../../operate/deliveries/index.ts';
import { examples } from '../options.ts';
import { print, printJson } from '../print.ts';
import { type Target, targeted, targetText, withTarget } from '../target.ts';

export function redeliverCommand(): Command {
  return deliveryCommand('redeliver', 'Started', async (connection, row, options) => {
    // The delivery would end in the same way again: the hint comes first.
    const isRefused = row.outcome === 'Rejected' || row.error === 'CommitUnreachable';
    const { nextStepLines } = await import('./draw.ts');
    if (isRefused && !options.json) print(`${nextStepLines(row, targetText(options)).join('\n').trim()}\n`);
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
 * A command that acts on one delivery.
 * @param done the words in front of the ARN in the command's output
 * @param action gives the ARN of the execution that it acted on
 */
function deliveryCommand(
  name: string,
  done: string,
  action: (connection: Connection, row: DeliveryRow, options: Target) => Promise<string>,
): Command {
  return examples(targeted(new Command(name)), `${name} 4f3a21c0`)
    .argument('<delivery>', 'its id on the git host, or the beginning of it')
    .action((id: string, options: Target) =>
      withTarget(options, async (connection) => {
        const { findDelivery } = await import('../../operate/deliveries/delivery.ts');
        const executionArn = await action(connection, await findDelivery(connection, id), options);
        if (options.json) printJson({ executionArn });
        else
          print(
            `${done} ${executionArn}\nSee hookline deliveries show ${executionArn}${targetText(options)}`,
          );
      }),
    );
}
