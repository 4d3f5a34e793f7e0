import { errors } from '../../statemachine/errors.ts';
import type { DeliveryRow } from '../deliveries/row.ts';
import { type Finding, notChecked, ok, warning } from '../doctor/finding.ts';
import { countsOf } from '../format.ts';

// The build itself failed, whatever the host and the repository are like.
const OF_BUILDS: readonly string[] = [errors.buildLimit, errors.buildKilled, errors.buildFault];

/**
 * The health of the door and of the builds, as the records of a span tell it. A private door, or one for some addresses
 * alone, cannot be asked from everywhere.
 * @param rows newest first
 */
export function healthOf(rows: readonly DeliveryRow[]): readonly [door: Finding, builds: Finding] {
  return [
    { name: 'door', ...doorOf(rows) },
    { name: 'builds', ...buildsOf(rows) },
  ];
}

function doorOf(rows: readonly DeliveryRow[]) {
  const last = rows.find(({ replayName }) => replayName === '');
  if (!last)
    return notChecked('no delivery came in this time: "hookline doctor" asks whether the door answers');
  return ok(`the last delivery came at ${last.receivedAt.slice(0, 19).replace('T', ' ')} UTC`);
}

function buildsOf(rows: readonly DeliveryRow[]) {
  const failing = rows.filter(({ error }) => OF_BUILDS.includes(error));
  if (failing.length === 0) return ok('none was killed, was refused or broke');
  const each = countsOf(failing.map(({ error }) => ({ outcome: error })));
  return warning(
    `${failing.length} pulls failed by their builds: ${each.map(([error, count]) => `${count} ${error}`).join(', ')}`,
    'see "hookline deliveries list --outcome PullFailed", and "PullFailed" in docs/runbook.md',
  );
}
