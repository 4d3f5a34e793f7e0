import { Command } from 'commander';
import { redeliver, redrive, stop } from '../operate/act.ts';
import { findDelivery } from '../operate/delivery.ts';
import { print, printJson } from './print.ts';
import { type Target, targeted, withTarget } from './target.ts';

const ARGUMENT = 'its id on the git host, or the beginning of it';

export function redeliverCommand(): Command {
  return targeted(new Command('redeliver'))
    .description('run a delivery again from the beginning, with the rule as it is now')
    .argument('<delivery>', ARGUMENT)
    .action((id: string, options: Target) =>
      withTarget(options, async (connection) => {
        const executionArn = await redeliver(connection, await findDelivery(connection, id));
        if (options.json) printJson({ executionArn });
        else print(`Started ${executionArn}`);
      }),
    );
}

export function redriveCommand(): Command {
  return targeted(new Command('redrive'))
    .description('go on with a failed delivery at the state that failed')
    .argument('<delivery>', ARGUMENT)
    .action((id: string, options: Target) =>
      withTarget(options, async (connection) => {
        const row = await findDelivery(connection, id);
        await redrive(connection, row);
        if (options.json) printJson({ executionArn: row.executionArn });
        else print(`Goes on: ${row.executionArn}`);
      }),
    );
}

export function stopCommand(): Command {
  return targeted(new Command('stop'))
    .description('stop a running delivery, and its build with it')
    .argument('<delivery>', ARGUMENT)
    .action((id: string, options: Target) =>
      withTarget(options, async (connection) => {
        const row = await findDelivery(connection, id);
        await stop(connection, row);
        if (options.json) printJson({ executionArn: row.executionArn });
        else print(`Stopped ${row.executionArn}`);
      }),
    );
}
