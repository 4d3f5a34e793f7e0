import type { DeliveryRow } from '../../operate/deliveries/index.ts';
import { nextStepOf } from '../../operate/deliveries/next-step.ts';
import { UNMATCHED } from '../../operate/deliveries/outcome-filter.ts';
import { messageParts } from '../../operate/format.ts';
import { groupBy } from '../../operate/group.ts';
import { nextStepLines } from './draw.ts';

// More causes than these are more than a person takes up at once.
const MOST_CAUSES = 5;

/**
 * What was wrong with the listed deliveries, and the commands that mend it: of each cause once, by its newest delivery.
 * What no rule took has no cause until its rules are explained.
 * @param target the options that name the deployment, as they are typed behind a command
 */
export function whatToDo(rows: readonly DeliveryRow[], target: string): string[] {
  const failed = rows.filter((row) => row.outcome !== UNMATCHED && nextStepOf(row) !== undefined);
  const causes = [...groupBy(failed, causeOf).values()];
  const lines = causes.slice(0, MOST_CAUSES).flatMap(([newest, ...others]) => {
    if (!newest) return [];
    const id = newest.deliveryId.slice(0, 8) || newest.executionArn;
    const alike = others.length > 0 ? ` (and ${others.length} more of this cause)` : '';
    return ['', `${id}${alike} ${causeText(newest)}`, ...nextStepLines(newest, target).slice(1)];
  });
  const left = causes.length - MOST_CAUSES;
  return left > 0
    ? [...lines, '', `${left} more causes: "hookline deliveries show DELIVERY" has each`]
    : lines;
}

const causeOf = ({ outcome, error }: DeliveryRow): string => `${outcome} ${error}`;

function causeText({ outcome, error, message }: DeliveryRow): string {
  const { sentence } = messageParts(message);
  const name = error === '' || error === outcome ? outcome : `${outcome}: ${error}`;
  return [name, sentence].filter((part) => part !== '').join(': ');
}
