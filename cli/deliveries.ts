import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import type { Connection } from '../operate/connection.ts';
import {
  type DeliveryFilter,
  type DeliveryRow,
  FILTERS,
  listDeliveries,
  settle,
} from '../operate/deliveries.ts';
import { describeDelivery, findDelivery } from '../operate/delivery.ts';
import { logsOf } from '../operate/logs.ts';
import { drawDelivery } from './draw-delivery.ts';
import { print, printJson, printTable, shortRef } from './print.ts';
import { type Target, targeted, withTarget } from './target.ts';

type ListOptions = Target & DeliveryFilter & { limit: string; since?: string };

const POLL_MS = 500;

export function deliveriesCommand(): Command {
  return new Command('deliveries')
    .description('what has come in, and what became of it')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(watchCommand())
    .addCommand(logsCommand());
}

function filtered(command: Command): Command {
  for (const name of FILTERS)
    command.option(
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <value>`,
      `only this ${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}; a * at the end stands for anything`,
    );
  return targeted(command);
}

function listCommand(): Command {
  return filtered(new Command('list'))
    .description('deliveries, newest first')
    .option('--limit <number>', 'how many at most', '50')
    .option('--since <time>', 'the oldest wanted, as 2026-01-31T09:00:00Z')
    .action((options: ListOptions) =>
      withTarget(options, async (connection) => {
        const rows = await newest(connection, options, Number(options.limit));
        if (options.json) return printJson(rows);
        if (rows.length === 0) return print('No delivery yet.');
        printTable(HEAD, rows.map(cells));
      }),
    );
}

async function newest(
  connection: Connection,
  options: DeliveryFilter & { since?: string },
  limit: number,
): Promise<DeliveryRow[]> {
  if (!Number.isInteger(limit) || limit < 1) throw new Error(`--limit takes a number from 1, not ${limit}`);
  const filter = Object.fromEntries(
    FILTERS.flatMap((name) => (options[name] ? [[name, options[name]]] : [])),
  );
  const { rows } = await listDeliveries(connection, { filter, limit, since: options.since });
  return settle(connection, rows);
}

const HEAD = ['RECEIVED', 'DELIVERY', 'EVENT', 'REPOSITORY', 'REF', 'COMMIT', 'RULE', 'OUTCOME'];

function cells(row: DeliveryRow): string[] {
  return [
    row.receivedAt.slice(0, 19).replace('T', ' '),
    row.deliveryId.slice(0, 8),
    row.event,
    row.repository,
    shortRef(row.ref),
    row.commit.slice(0, 7),
    row.rule,
    row.outcome || 'running',
  ];
}

function showCommand(): Command {
  return targeted(new Command('show'))
    .description('one delivery: its path through the machine, its artifact, its pipeline')
    .argument('<delivery>', 'its id on the git host, or the beginning of it')
    .action((id: string, options: Target) =>
      withTarget(options, async (connection) => {
        const detail = await describeDelivery(connection, await findDelivery(connection, id));
        if (options.json) printJson(detail);
        else print(drawDelivery(detail, connection.outputs.bucket));
      }),
    );
}

function watchCommand(): Command {
  return filtered(new Command('watch'))
    .description('deliveries as they come and end, until interrupted')
    .action((options: ListOptions) =>
      withTarget(options, async (connection) => {
        const seen = new Map<string, string>();
        for (;;) {
          const rows = await newest(connection, options, 50);
          for (const row of rows.toReversed()) {
            const state = `${row.executionArn} ${row.outcome}`;
            if (seen.get(row.id) === state) continue;
            seen.set(row.id, state);
            print(options.json ? JSON.stringify(row) : cells(row).join('  '));
          }
          await wait(POLL_MS);
        }
      }),
    );
}

function logsCommand(): Command {
  return targeted(new Command('logs'))
    .description('what the functions and the build of a delivery have logged')
    .argument('<delivery>', 'its id on the git host, or the beginning of it')
    .option('--state <name>', 'of this state only, for example Pull')
    .action((id: string, options: Target & { state?: string }) =>
      withTarget(options, async (connection) => {
        const { row, steps } = await describeDelivery(connection, await findDelivery(connection, id));
        const wanted = steps.filter(({ name }) => options.state === undefined || name === options.state);
        if (wanted.length === 0)
          throw new Error(
            `the delivery was not in a state ${options.state}: it was in ${steps.map(({ name }) => name).join(', ')}`,
          );
        const found = await Promise.all(
          wanted.map(async (step) => ({
            state: step.name,
            lines: await logsOf(connection, row.executionArn, step),
          })),
        );
        if (options.json) return printJson(found);
        for (const { state, lines } of found)
          for (const { at, text } of lines) print(`${at}  ${state}  ${text}`);
      }),
    );
}
