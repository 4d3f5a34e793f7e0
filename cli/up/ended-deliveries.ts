import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { Connection } from '../../operate/connection/connection.ts';
import { findDelivery } from '../../operate/deliveries/delivery.ts';
import { type DeliveryRow, fillOutcomes } from '../../operate/deliveries/index.ts';
import { endedAs } from '../../operate/deliveries/outcome-filter.ts';
import { shortRef, visible } from '../../operate/format.ts';
import type { CallService } from './follow-execution.ts';
import type { PrintLine } from './progress.ts';

const POLL_MS = 500;
const PAGE = 100;

const listSchema = z.looseObject({
  executions: z.array(z.looseObject({ executionArn: z.string(), status: z.string() })),
});

export interface EndedDeliveriesOptions {
  readonly call: CallService;
  readonly connection: () => Promise<Connection>;
  readonly stateMachineArn: string;
}

/**
 * Prints a line for each delivery that ends from now on, until the process ends. Of more than 100 within half a second,
 * some may be left out.
 */
export async function printEndedDeliveries(
  { call, connection, stateMachineArn }: EndedDeliveriesOptions,
  say: PrintLine,
): Promise<never> {
  const endedNow = async (): Promise<string[]> => {
    const page = await call('states', 'ListExecutions', { stateMachineArn, maxResults: PAGE });
    const ended = listSchema.parse(page).executions.filter(({ status }) => status !== 'RUNNING');
    return ended.map(({ executionArn }) => executionArn).toReversed();
  };
  let said = new Set(await endedNow());
  const asked = await connection();
  for (;;) {
    // Neither the pause nor an error here may keep or end the process, which serves everything else.
    await wait(POLL_MS, undefined, { ref: false });
    const ended = await endedNow().catch(() => []);
    for (const arn of ended) if (!said.has(arn)) say(await lineOf(asked, arn));
    said = new Set([...said, ...ended].slice(-10 * PAGE));
  }
}

async function lineOf(connection: Connection, executionArn: string): Promise<string> {
  try {
    const [row] = await fillOutcomes(connection, [await findDelivery(connection, executionArn)]);
    return row ? endedLine(row) : executionArn;
  } catch (error) {
    // The line is for people: a delivery that cannot be read must not end the process, which serves everything else.
    return `${executionArn}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** `default: push acme/site main 1a2b3c4 Published` */
export function endedLine({ rule, event, repository, ref, commit, outcome }: DeliveryRow): string {
  const words = [event, repository, shortRef(ref), commit.slice(0, 7), endedAs(outcome)];
  return visible(`${rule}: ${words.filter((word) => word !== '').join(' ')}`);
}
