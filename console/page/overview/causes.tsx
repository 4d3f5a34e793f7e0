import type { OverviewAnswer } from '../../api.ts';
import { addressOfFilter } from '../deliveries/filter.ts';
import { messageParts, shortRef, visible } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { Outcome } from '../parts/outcome.tsx';

/** What fails now, by its cause, with the newest example and the way to all of them. */
export function Causes({ causes }: Pick<OverviewAnswer, 'causes'>) {
  return (
    <section aria-label="Failing now">
      <h2>Failing now</h2>
      {causes.length === 0 && <p className="quiet">Nothing: whatever failed has ended well since.</p>}
      <ul className="causes">
        {causes.map(({ outcome, error, count, newest }) => (
          <li key={`${outcome} ${error}`}>
            <p>
              <Link to={addressOfFilter({ outcome })}>
                {count === 1 ? '1 delivery' : `${count} deliveries`}
              </Link>
              <Outcome outcome={outcome} />
              {error !== outcome && <code>{error}</code>}
            </p>
            <p className="cause-words">
              <Link to={`/deliveries/${encodeURIComponent(newest.id)}`}>
                {`${newest.repository || 'the newest'} ${shortRef(newest.ref)}`.trim()}
              </Link>{' '}
              <bdi>{visible(messageParts(newest.message).sentence)}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
