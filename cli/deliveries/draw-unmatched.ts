import type { UnmatchedDetail } from '../../operate/deliveries/describe-unmatched.ts';
import { shortRef, size } from '../../operate/format.ts';
import { drawExplanation } from '../rules/draw-explanation.ts';
import { factLines, nextStepLines } from './draw.ts';

/** A delivery that no rule took, for the terminal: what the record has of it, why each rule refuses it, and what to do. */
export function drawUnmatched({ row, bytes, explanations }: UnmatchedDetail, target: string): string {
  const outcome = `${row.outcome}: no rule took it, so that its signature was not checked either`;
  const facts = [
    ['delivery', row.deliveryId],
    ['event', `${row.event} from ${row.host}`],
    ['repository', row.repository && `${row.repository} (not verified)`],
    ['ref', row.ref && `${shortRef(row.ref)} (not verified)`],
    ['received', `${row.receivedAt.slice(0, 19).replace('T', ' ')} UTC`],
    ['size', bytes > 0 ? size(bytes) : ''],
  ] as const;
  return [
    ...factLines([['outcome', outcome]]),
    ...nextStepLines(row, target, explanations),
    '',
    ...factLines(facts),
    '',
    ...explanations.map(drawExplanation),
  ].join('\n');
}
