import type { Explanation } from '../../api.ts';
import { Clause } from './clause.tsx';
import { Heading, isRefused, Mark, Then } from './verdict.tsx';

type ExplainedClause = Explanation['clauses'][number];

/** Each rule with its conditions, and what the event has where each of them looks. */
export function Explained({ found }: { readonly found: readonly Explanation[] }) {
  return (
    <section className="explained" aria-label="Explanation">
      <h2 aria-live="polite">{inWords(found)}</h2>
      {found.map(({ rule, matches, clauses, inPart, verdict }) => (
        <article key={rule} className={matches && !isRefused(verdict) ? 'matching' : undefined}>
          <h3>
            <code>{rule}</code> <Heading matches={matches} verdict={verdict} />
          </h3>
          {clauses.length === 0 && <p className="hint">It asks for nothing, so it matches every event.</p>}
          <ul>
            {clauses.map((clause) => (
              <ClauseLine key={`${clause.path} ${clause.words}`} clause={clause} />
            ))}
          </ul>
          {matches && !inPart && <Then verdict={verdict} />}
          {matches && inPart && <p className="hint">It takes the delivery now: replay it.</p>}
          {matches === undefined && (
            <p className="hint">It looks at what the record of the delivery does not keep.</p>
          )}
        </article>
      ))}
    </section>
  );
}

function inWords(found: readonly Explanation[]): string {
  const matching = found.filter(({ matches }) => matches);
  if (matching.length === 0) return `None of the ${found.length} rules matches`;
  const ignored = matching.filter(({ verdict }) => verdict?.next === 'Ignored').length;
  const words = `${matching.length} of ${found.length} rules ${matching.length === 1 ? 'matches' : 'match'}`;
  if (ignored === 0) return words;
  const subject = matching.length === 1 ? '' : `${ignored} of them `;
  return `${words}, and ${subject}${ignored === 1 ? 'ignores' : 'ignore'} the delivery`;
}

function ClauseLine({ clause: { matches, path, words, found } }: { readonly clause: ExplainedClause }) {
  return (
    <li className={matches ? 'holds' : matches === false ? 'fails' : undefined}>
      <Mark holds={matches} />
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
