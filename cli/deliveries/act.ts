import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../../operate/connection/connection.ts';
import { redeliver, redrive, stop } from '../../operate/deliveries/actions.ts';
import { describeExecution, findDelivery } from '../../operate/deliveries/delivery.ts';
import { whyInVain } from '../../operate/deliveries/in-vain.ts';
import { type DeliveryRow, fillOutcomes } from '../../operate/deliveries/index.ts';
import { isWanted, outcomesOf } from '../../operate/deliveries/outcome-filter.ts';
import { runsOfRow } from '../../operate/deliveries/runs.ts';
import { shortRef } from '../../operate/format.ts';
import { print, printJson } from '../print.ts';
import { type Target, targetText, withTarget } from '../target.ts';
import { nextStepLines } from './draw.ts';
import { printDelivery } from './show.ts';

/** The options of what is done to one delivery. */
export interface ActOptions extends Target {
  readonly watch?: boolean;
  readonly force?: boolean;
  /** of one that several rules took, the rule whose run is meant; that of the last run by default */
  readonly rule?: string;
}

// A delivery takes seconds, and each look is a call.
const POLL_MS = 500;

/** Runs a delivery again, unless it would end as before. */
export const redeliverOne = (id: string, options: ActOptions): Promise<void> =>
  onDelivery(id, options, 'Runs again', async (connection, row) => {
    const reason = options.force ? undefined : await whyInVain(connection, row);
    if (reason === undefined) return redeliver(connection, row);
    throw new Error(
      [
        `the delivery ${row.deliveryId || id} would end in ${row.outcome} again: ${reason}; --force runs it all the same`,
        ...nextStepLines(row, targetText(options)),
      ].join('\n'),
    );
  });

/** Goes on with a delivery at the state that failed. */
export const redriveOne = (id: string, options: ActOptions): Promise<void> =>
  onDelivery(id, options, 'Goes on', async (connection, row) => {
    await redrive(connection, row);
    return row.executionArn;
  });

/** Stops a running delivery. */
export const stopOne = (id: string, options: ActOptions): Promise<void> =>
  onDelivery(id, options, 'Stopped', async (connection, row) => {
    await stop(connection, row);
    return row.executionArn;
  });

/**
 * @param done the words in front of the delivery in what is printed
 * @param action gives the ARN of the execution that it acted on
 */
async function onDelivery(
  id: string,
  options: ActOptions,
  done: string,
  action: (connection: Connection, row: DeliveryRow) => Promise<string>,
): Promise<void> {
  const arn = await withTarget(options, async (connection) => {
    const row = await runOf(connection, id, options.rule);
    const executionArn = await action(connection, row);
    if (options.json && !options.watch) printJson({ executionArn });
    else if (!options.json) print(`${done}: ${await inWords(connection, row)}\nExecution: ${executionArn}`);
    if (options.watch) await untilEnded(connection, executionArn);
    return executionArn;
  });
  if (!options.watch) {
    if (!options.json) print(`See hookline deliveries show ${arn}${targetText(options)}`);
    return;
  }
  if (!options.json) print('');
  const { outcome } = await printDelivery(arn, options);
  if (isWanted(outcomesOf('failed'), outcome)) process.exitCode = 1;
}

/** The last run of a delivery, or the last for a rule. @throws when the rule has no run of it */
async function runOf(connection: Connection, id: string, rule: string | undefined): Promise<DeliveryRow> {
  const last = await findDelivery(connection, id);
  if (rule === undefined || last.rule === rule) return last;
  const runs = await runsOfRow(connection, last);
  const found = runs.find((run) => run.rule === rule);
  if (found) return found;
  const rules = new Set([last, ...runs].map((run) => run.rule));
  throw new Error(
    `the rule ${rule} has no run of the delivery ${last.deliveryId}: name one of ${[...rules].join(', ')}`,
  );
}

/** `push acme/site main 1a2b3c4 by the rule site, which ended in PullFailed; the last of its 3 runs` */
async function inWords(connection: Connection, row: DeliveryRow): Promise<string> {
  const { event, repository, ref, commit, rule } = row;
  const [[settled = row], runs] = await Promise.all([
    fillOutcomes(connection, [row]),
    runsOfRow(connection, row),
  ]);
  const what = [event, repository, shortRef(ref), commit.slice(0, 7)].filter((word) => word !== '').join(' ');
  const ended = settled.outcome === '' ? 'which runs' : `which ended in ${settled.outcome}`;
  const others = runs.filter(({ id }) => id !== row.id).length;
  const more =
    others === 0
      ? ''
      : `; ${others} other ${others === 1 ? 'run' : 'runs'} of the delivery: deliveries show has them`;
  return `${what} by the rule ${rule}, ${ended}${more}`;
}

async function untilEnded(connection: Connection, executionArn: string): Promise<void> {
  while ((await describeExecution(connection, executionArn)).status === 'RUNNING') await wait(POLL_MS);
}
