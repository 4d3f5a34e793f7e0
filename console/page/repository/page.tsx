import { useEffect } from 'react';
import type { RepositoryAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { addressOfFilter } from '../deliveries/filter.ts';
import { listAddress } from '../deliveries/list-position.ts';
import { Copy } from '../parts/copy.tsx';
import { Icon } from '../parts/icon.tsx';
import { Link } from '../parts/link.tsx';
import { Empty, Loading, Problem } from '../parts/placeholders.tsx';
import { addressOfRepository } from './address.ts';
import { LastDeliveries } from './last-deliveries.tsx';
import { Refs } from './refs.tsx';
import '../styles/repository.css';

// The answer is made of a page of the bucket, the records of what it has, and some of the deliveries.
const POLL_MS = 5000;

interface Props {
  readonly host: string;
  readonly repository: string;
}

/** A repository: what its refs point to, what their pipelines have made of it, and its last deliveries. */
export default function RepositoryPage({ host, repository }: Props) {
  const path = addressOfRepository({ host, repository }).slice(1);
  const { value, failure, refresh } = useLive<RepositoryAnswer>(path, POLL_MS);
  useEffect(() => {
    document.title = `${repository} · Hookline`;
  }, [repository]);
  return (
    <article className="repository" aria-label={repository}>
      <header className="repository-head">
        <div className="delivery-top">
          <Link to={listAddress()} className="back">
            ← Deliveries
          </Link>
          <span className="late" role="status">
            {failure && value && `Not up to date: ${failure.message}`}
          </span>
        </div>
        <h1>
          <Icon name="repository" /> {repository} <span className="quiet">on {host}</span>
          <Copy name="Copy the repository's name" text={repository} small />
        </h1>
      </header>
      {value ? (
        <Content repository={value} />
      ) : failure ? (
        <Problem failure={failure} retry={refresh} />
      ) : (
        <Loading what="Loading the repository" />
      )}
    </article>
  );
}

function Content({ repository }: { readonly repository: RepositoryAnswer }) {
  const { refs, more, deliveries, older } = repository;
  if (refs.length === 0 && deliveries.length === 0 && !older) return <Unknown {...repository} />;
  return (
    <>
      <Refs refs={refs} more={more} />
      <LastDeliveries deliveries={deliveries} older={older} repository={repository.repository} />
    </>
  );
}

function Unknown({ host, repository }: Props) {
  return (
    <Empty title="Nothing is known of this repository">
      <p>
        No ref of {repository} on {host} is published, and no delivery of it is kept. Its webhook comes here
        once it is set up:
      </p>
      <pre>
        <code>hookline hooks create {repository}</code>
      </pre>
      <p>
        <Link to={addressOfFilter({ all: 'true' })}>See every delivery</Link>
      </p>
    </Empty>
  );
}
