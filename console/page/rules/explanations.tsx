import { outcomes } from '../../../statemachine/outcomes.ts';
import type { Explanation } from '../../api.ts';
import { Clause } from './clause.tsx';
import { ClauseMark, DecidingClause, doesNothing, RuleVerdict } from './verdict.tsx';

type ExplainedClause = Explanation['clauses'][number];

interface Props {
  readonly explanations: readonly Explanation[];
}

/** Each rule's conditions, and beside each condition the event's value. */
export function Explanations({ explanations }: Props) {
  return (
    <section className="explained" aria-label="Explanation">
      <h2 aria-live="polite">{inWords(explanations)}</h2>
      {explanations.map(({ rule, matches, clauses, inPart, verdict }) => (
        <article key={rule} className={matches && !doesNothing(verdict) ? 'matching' : undefined}>
          <h3>
            <code>{rule}</code> <RuleVerdict matches={matches} verdict={verdict} />
          </h3>
          {clauses.length === 0 && (
            <p className="hint">The rule has no condition, so the rule matches every event.</p>
          )}
          <ul>
            {clauses.map((clause) => (
              <ClauseLine key={`${clause.path} ${clause.words}`} clause={clause} />
            ))}
          </ul>
          {matches && !inPart && <DecidingClause verdict={verdict} />}
          {matches && inPart && <p className="hint">The rule takes the delivery now.</p>}
          {matches === undefined && (
            <p className="hint">The rule looks at what the record of the delivery does not keep.</p>
          )}
        </article>
      ))}
    </section>
  );
}

function inWords(explanations: readonly Explanation[]): string {
  const matching = explanations.filter(({ matches }) => matches);
  if (matching.length === 0) return `None of the ${explanations.length} rules matches`;
  const ignored = matching.filter(({ verdict }) => verdict?.next === outcomes.ignored).length;
  const words = `${matching.length} of ${explanations.length} rules ${matching.length === 1 ? 'matches' : 'match'}`;
  if (ignored === 0) return words;
  const subject = matching.length === 1 ? '' : `${ignored} of them `;
  return `${words}, and ${subject}${ignored === 1 ? 'ignores' : 'ignore'} the delivery`;
}

function ClauseLine({ clause: { matches, path, words, found } }: { readonly clause: ExplainedClause }) {
  return (
    <li className={matches ? 'holds' : matches === false ? 'fails' : undefined}>
      <ClauseMark holds={matches} />
      <div>
        <Clause path={path} words={words} />
        {found.map(({ path: at, value }) => (
          <p key={at} className="found">
            {found.length > 1 && <code>{at}</code>} {value === undefined ? 'nothing is there' : 'it is '}
            {value !== undefined && <code className="value">{value}</code>}
          </p>
        ))}
      </div>
    </li>
  );
}
