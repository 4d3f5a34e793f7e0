import type { Explanation } from '../../api.ts';
import { Clause } from './clause.tsx';

type ExplainedClause = Explanation['clauses'][number];

/** Each rule with its conditions, and what the event has where each of them looks. */
export function Explained({ found }: { readonly found: readonly Explanation[] }) {
  return (
    <section className="explained" aria-label="Explanation">
      <h2 role="status">{inWords(found)}</h2>
      {found.map(({ rule, matches, clauses }) => (
        <article key={rule} className={matches ? 'matching' : undefined}>
          <h3>
            <code>{rule}</code>{' '}
            <span className={`outcome ${matches ? 'good' : 'plain'}`}>
              {matches ? 'matches' : 'does not match'}
            </span>
          </h3>
          {clauses.length === 0 && <p className="hint">It asks for nothing, so it matches every event.</p>}
          <ul>
            {clauses.map((clause) => (
              <ClauseLine key={`${clause.path} ${clause.words}`} clause={clause} />
            ))}
          </ul>
        </article>
      ))}
    </section>
  );
}

function inWords(found: readonly Explanation[]): string {
  const matching = found.filter(({ matches }) => matches).length;
  if (matching === 0) return `None of the ${found.length} rules matches`;
  return `${matching} of ${found.length} rules ${matching === 1 ? 'matches' : 'match'}`;
}

function ClauseLine({ clause: { matches, path, words, found } }: { readonly clause: ExplainedClause }) {
  return (
    <li className={matches ? 'holds' : 'fails'}>
      <span className="mark" role="img" aria-label={matches ? 'holds' : 'does not hold'}>
        {matches ? '✔' : '✖'}
      </span>
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
