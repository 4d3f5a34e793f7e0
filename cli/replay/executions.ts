import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../../operate/connection/connection.ts';
import { type DeliveryRow, fillOutcomes, isRunning } from '../../operate/deliveries/index.ts';
import { shortRef } from '../../operate/format.ts';
import { executionsOfReplay, type Span } from '../../operate/replays/replay.ts';
import { printTable } from '../print.ts';
import { progressLine } from '../progress.ts';

const POLL_MS = 250;
const QUIET_MS = 3000;
// An execution that was started is on record once it is claimed, for which it may have to wait in line.
const LATE_MS = 60_000;

/**
 * The executions that a replay or redeliveries of one name caused, once they have all ended and no other has begun for a while.
 * @param expected how many there are at least, where that is known
 */
export async function executionsOf(
  connection: Connection,
  name: string,
  span: Pick<Span, 'from'>,
  expected = 0,
): Promise<DeliveryRow[]> {
  const line = await progressLine();
  let [endedBefore, unchangedSince] = [-1, Date.now()];
  for (;;) {
    const rows = await fillOutcomes(connection, await executionsOfReplay(connection, name, span));
    const ended = rows.filter((row) => !isRunning(row)).length;
    line.show(`${ended} of ${rows.length} executions`, rows.length === 0 ? 0 : ended / rows.length);
    if (ended !== endedBefore) [endedBefore, unchangedSince] = [ended, Date.now()];
    // A replay is complete when its events are on the bus. The executions that they start come later.
    const patience = rows.length < expected ? LATE_MS : QUIET_MS;
    if (ended < rows.length || Date.now() - unchangedSince < patience) {
      await wait(POLL_MS);
      continue;
    }
    line.done();
    return rows;
  }
}

export function printExecutions(rows: readonly DeliveryRow[]): void {
  printTable(
    ['DELIVERY', 'RULE', 'REPOSITORY', 'REF', 'OUTCOME'],
    rows.map(({ deliveryId, rule, repository, ref, outcome }) => [
      deliveryId.slice(0, 8),
      rule,
      repository,
      shortRef(ref),
      outcome,
    ]),
  );
}
