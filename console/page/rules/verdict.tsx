import { outcomes } from '../../../statemachine/outcomes.ts';
import type { Explanation } from '../../api.ts';

/** The rule's verdict on the delivery, in a few words. */
export function RuleVerdict({ matches, verdict }: Pick<Explanation, 'matches' | 'verdict'>) {
  const taken = matches && !doesNothing(verdict);
  return (
    <span className={`outcome ${taken ? 'good' : 'plain'}`}>
      {!matches ? 'does not match' : verdict ? `matches, then ${verdict.next}` : 'matches'}
    </span>
  );
}

/** The clause that decided after the match. */
export function DecidingClause({ verdict }: Pick<Explanation, 'verdict'>) {
  if (!verdict)
    return <p className="hint">The rule was deployed without its options: deploy it again to see more.</p>;
  return (
    <ul className="then" aria-label="After the match">
      <li className={doesNothing(verdict) ? 'fails' : 'holds'}>
        <ClauseMark holds={!doesNothing(verdict)} />
        <div>
          <span className="clause">
            then {verdict.next}: {verdict.reason}
          </span>
          {verdict.found.map(({ path, value }) => (
            <p key={path} className="found">
              {path}: <code className="value">{value}</code>
            </p>
          ))}
        </div>
      </li>
    </ul>
  );
}

/** Whether the rule does nothing with a delivery that it matches. */
export const doesNothing = (verdict: Explanation['verdict']): boolean =>
  verdict?.next === outcomes.ignored || verdict?.next === outcomes.malformed;

/** Whether a clause holds. */
export function ClauseMark({ holds }: { readonly holds: boolean }) {
  return (
    <span className="mark" role="img" aria-label={holds ? 'holds' : 'does not hold'}>
      {holds ? '✔' : '✖'}
    </span>
  );
}
