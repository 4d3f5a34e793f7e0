import { useEffect, useMemo } from 'react';
import type { Hidden } from '../../api.ts';
import { navigate, useAddress } from '../address.ts';
import { countsOf } from '../parts/format.ts';
import { wordsOf } from '../parts/outcome-words.ts';
import { Empty, Loading, Problem } from '../parts/placeholders.tsx';
import { addressOfFilter, filterOf, mayBeDelivery, queryOf } from './filter.ts';
import { Filters } from './filters.tsx';
import { List } from './list.tsx';
import { rememberListAddress } from './list-position.ts';
import { NothingYet } from './nothing-yet.tsx';
import { type Deliveries, useDeliveries } from './use-deliveries.ts';

export function DeliveriesPage() {
  const { search } = useAddress();
  const filter = useMemo(() => filterOf(new URLSearchParams(search)), [search]);
  const query = useMemo(() => queryOf(filter), [filter]);
  const deliveries = useDeliveries(query);
  const address = addressOfFilter(filter);
  useEffect(() => rememberListAddress(address), [address]);
  useEffect(() => {
    document.title = 'Deliveries · Hookline';
  }, []);
  return (
    <div className="deliveries">
      <h1 className="unseen">Deliveries</h1>
      <Filters filter={filter} query={query} />
      <div className="deliveries-body">
        <Body key={address} deliveries={deliveries} address={address} />
      </div>
      <Foot deliveries={deliveries} />
    </div>
  );
}

/** The status line below the list, always there so that nothing moves when a text appears. */
function Foot({ deliveries: { rows, hidden, failure, more } }: { readonly deliveries: Deliveries }) {
  if (rows && failure)
    return <p className="foot bad" role="status">{`Not up to date: ${failure.message}`}</p>;
  const notShown = hidden.length > 0 ? `; ${hiddenInWords(hidden)} not shown` : '';
  const count = rows ? `${rows.length}${more ? ' and more' : ' in all'}${notShown}` : '';
  return (
    <p className="foot" role="status">
      {count}
    </p>
  );
}

/** `12 Ignored, 3 Unmatched` */
const hiddenInWords = (hidden: readonly Hidden[]): string =>
  countsOf(hidden)
    .map(([outcome, count]) => `${count} ${wordsOf(outcome)}`)
    .join(', ');

function Body({ deliveries, address }: { readonly deliveries: Deliveries; readonly address: string }) {
  const { rows, hidden, failure, more, loadOlder, refresh } = deliveries;
  const asking = rows?.length === 0 && more;
  // A page without a match has no row to scroll to, so the next page is loaded here.
  useEffect(() => {
    if (asking) loadOlder();
  }, [asking, loadOlder]);
  if (!rows)
    return failure ? <Problem failure={failure} retry={refresh} /> : <Loading what="Loading deliveries" />;
  if (asking) return <Loading what="Looking for older deliveries" />;
  if (rows.length > 0) return <List rows={rows} more={more} loadOlder={loadOlder} />;
  if (hidden.length > 0) return <OnlyHidden hidden={hidden} />;
  return address !== '/' ? <NoMatch /> : <NothingYet />;
}

function OnlyHidden({ hidden }: { readonly hidden: readonly Hidden[] }) {
  const { search } = useAddress();
  const shown = addressOfFilter({ ...filterOf(new URLSearchParams(search)), all: 'true' });
  return (
    <Empty title="Nothing that needs attention">
      <p>{`${hiddenInWords(hidden)} not shown.`}</p>
      <button type="button" onClick={() => navigate(shown, { replace: true })}>
        Show them
      </button>
    </Empty>
  );
}

function NoMatch() {
  const { search } = useAddress();
  const filter = filterOf(new URLSearchParams(search));
  const { commit, ...others } = filter;
  return (
    <Empty title="No delivery matches">
      <p>No delivery that is kept has everything that the filters ask for.</p>
      {mayBeDelivery(commit) && (
        <button
          type="button"
          onClick={() => navigate(addressOfFilter({ ...others, deliveryId: commit }), { replace: true })}
        >
          {`Look for the delivery ${commit}`}
        </button>
      )}
      <button type="button" onClick={() => navigate('/', { replace: true })}>
        Clear the filters
      </button>
    </Empty>
  );
}
