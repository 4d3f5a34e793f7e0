import type { Explanation } from '../../api.ts';

/** What becomes of the delivery, in short. */
export function Heading({ matches, verdict }: Pick<Explanation, 'matches' | 'verdict'>) {
  const taken = matches && !isRefused(verdict);
  return (
    <span className={`outcome ${taken ? 'good' : 'plain'}`}>
      {matches === undefined
        ? 'not known'
        : !matches
          ? 'does not match'
          : verdict
            ? `matches, then ${verdict.next}`
            : 'matches'}
    </span>
  );
}

/** The clause that decided after the match. */
export function Then({ verdict }: Pick<Explanation, 'verdict'>) {
  if (!verdict)
    return <p className="hint">The rule was deployed without its options: deploy it again to see more.</p>;
  return (
    <ul className="then" aria-label="After the match">
      <li className={isRefused(verdict) ? 'fails' : 'holds'}>
        <Mark holds={!isRefused(verdict)} />
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

/** Whether the rule does nothing with what it matches. */
export const isRefused = (verdict: Explanation['verdict']): boolean =>
  verdict?.next === 'Ignored' || verdict?.next === 'Malformed';

/** Whether a clause holds, where that is known. */
export function Mark({ holds }: { readonly holds: boolean | undefined }) {
  const [words, sign] =
    holds === undefined ? ['is not known', '?'] : holds ? ['holds', '✔'] : ['does not hold', '✖'];
  return (
    <span className="mark" role="img" aria-label={words}>
      {sign}
    </span>
  );
}
