import type { Connection } from '../../operate/connection/connection.ts';
import { type DeliveryDetail, describeDelivery, findDelivery } from '../../operate/deliveries/delivery.ts';
import { describeUnmatched } from '../../operate/deliveries/describe-unmatched.ts';
import { type DeliveryRow, fillOutcomes } from '../../operate/deliveries/index.ts';
import { logsOf } from '../../operate/deliveries/logs.ts';
import { UNMATCHED } from '../../operate/deliveries/outcome-filter.ts';
import { runsOfRow } from '../../operate/deliveries/runs.ts';
import { logText } from '../../operate/format.ts';
import { print, printJson } from '../print.ts';
import { type Target, targetText, withTarget } from '../target.ts';
import { drawDelivery } from './draw.ts';
import { drawUnmatched } from './draw-unmatched.ts';

/** A delivery with the outcome of its execution, where the record has none. */
async function withOutcome(connection: Connection, detail: DeliveryDetail): Promise<DeliveryDetail> {
  const [row = detail.row] = await fillOutcomes(connection, [detail.row]);
  return { ...detail, row };
}

/** @returns the delivery that was printed */
export function printDelivery(id: string, options: Target): Promise<DeliveryRow> {
  return withTarget(options, async (connection) => {
    const found = await findDelivery(connection, id);
    if (found.outcome === UNMATCHED) {
      await printUnmatched(connection, found, options);
      return found;
    }
    const detail = await withOutcome(connection, await describeDelivery(connection, found));
    const runs = await runsOfRow(connection, found);
    if (options.json) printJson({ ...detail, runs });
    else
      print(
        drawDelivery(detail, {
          bucket: connection.outputs.bucket,
          target: targetText(options),
          runs: await fillOutcomes(connection, runs),
        }),
      );
    return detail.row;
  });
}

async function printUnmatched(connection: Connection, row: DeliveryRow, options: Target): Promise<void> {
  const detail = await describeUnmatched(connection, row);
  if (options.json) printJson(detail);
  else print(drawUnmatched(detail, targetText(options)));
}

export function printLogs(id: string, options: Target & { state?: string }): Promise<void> {
  return withTarget(options, async (connection) => {
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
      for (const { at, text } of lines) print(`${at}  ${state}  ${logText(text)}`);
  });
}
