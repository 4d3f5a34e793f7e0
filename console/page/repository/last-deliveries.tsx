import type { DeliveryRow } from '../../api.ts';
import { addressOfFilter } from '../deliveries/filter.ts';
import { ShortList } from '../deliveries/short-list.tsx';
import { Link } from '../parts/link.tsx';

interface Props {
  readonly deliveries: readonly DeliveryRow[];
  /** whether there may be older ones */
  readonly older: boolean;
  readonly repository: string;
}

/** The last deliveries of a repository, as the list has them. */
export function LastDeliveries({ deliveries, older, repository }: Props) {
  return (
    <section aria-label="Last deliveries">
      <h2>
        Last deliveries{' '}
        <Link className="beside" to={addressOfFilter({ repository, all: 'true' })}>
          all of them in the list
        </Link>
      </h2>
      {deliveries.length > 0 ? (
        <ShortList label="Last deliveries of the repository" rows={deliveries} />
      ) : (
        <p className="quiet">
          {older ? 'None among the last of all repositories: the list looks further back.' : 'None is kept.'}
        </p>
      )}
    </section>
  );
}
