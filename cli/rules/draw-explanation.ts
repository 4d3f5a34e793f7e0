import type { ExplainedClause, Explanation } from '../../operate/rules/explain.ts';

/** Of a rule that was deployed before rules told their options. */
const NO_OPTIONS =
  '; what follows is not known, as the rule was deployed without its options: deploy it again';

/** The rule's name, what it does with the delivery, and each clause of its match. */
export function drawExplanation(explanation: Explanation): string {
  const { rule, clauses, verdict } = explanation;
  const changed = verdict?.found.map(({ path, value }) => `    ${path}: ${value}`) ?? [];
  return [`${rule} ${headline(explanation)}`, ...clauses.map(clauseLine), ...changed].join('\n');
}

function headline({ matches, inPart, verdict }: Explanation): string {
  if (matches === undefined)
    return 'depends on what the record of the delivery does not keep (?): the git host has the payload';
  if (!matches) return 'does not match';
  if (inPart) return 'matches now: replay the delivery';
  return `matches${verdict ? `, then ${verdict.next}: ${verdict.reason}` : NO_OPTIONS}`;
}

const clauseLine = ({ matches, path, words, found }: ExplainedClause): string =>
  `    ${matches === undefined ? '?' : matches ? '✔' : '✖'} ${path} ${words}${matches === false ? valuesText(found) : ''}`;

/** What the event has there: `: it is "refs/heads/main"` */
function valuesText(found: ExplainedClause['found']): string {
  const values = found.map(({ path, value }) => {
    const text = value === undefined ? 'nothing is there' : `it is ${value}`;
    return found.length > 1 ? `${path}: ${text}` : text;
  });
  return values.length > 0 ? `: ${values.join(', ')}` : '';
}
