import type { ReactNode } from 'react';
import { UNMATCHED } from '../../../statemachine/outcomes.ts';
import type { DeliveryAnswer } from '../../api.ts';
import { listAddress } from '../deliveries/list-position.ts';
import { ago, exactly } from '../parts/clock.ts';
import { shortRef } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { Outcome, PipelineResult } from '../parts/outcome.tsx';
import { useNow } from '../parts/react-hooks.ts';
import { useClock } from '../parts/use-clock.ts';
import { addressOfRepository } from '../repository/address.ts';
import { Actions } from './actions.tsx';
import { Commit, Page, useCommit } from './commit.tsx';
import { ProblemText } from './problem-text.tsx';

type Told = Pick<DeliveryAnswer, 'row' | 'next'>;

interface Props {
  readonly delivery: DeliveryAnswer;
  readonly changed: () => void;
  readonly staleReason: string | undefined;
}

export function Heading({ delivery, changed, staleReason }: Props) {
  return (
    <HeadingOf delivery={delivery} staleReason={staleReason}>
      <Actions delivery={delivery} changed={changed} />
    </HeadingOf>
  );
}

/** What a delivery is, how it ended and what to do about it. @param children what can be done with it here */
export function HeadingOf({
  delivery,
  staleReason,
  children,
}: {
  readonly delivery: Told;
  readonly staleReason: string | undefined;
  readonly children?: ReactNode;
}) {
  const { row } = delivery;
  const commit = useCommit(row);
  return (
    <header className="delivery-head">
      <div className="delivery-top">
        <Link to={listAddress()} className="back">
          ← Deliveries
        </Link>
        <span className="late" role="status">
          {staleReason !== undefined && `Not up to date: ${staleReason}`}
        </span>
      </div>
      <div className="delivery-title">
        <h1>
          <Named row={row} />{' '}
          <span className="quiet">
            <Page to={commit.pages?.tree}>{shortRef(row.ref)}</Page>
          </span>
        </h1>
        <span role="status">
          <Outcome outcome={row.outcome} />
          <PipelineResult status={row.pipelineStatus} />
        </span>
        <Age at={row.firstReceivedAt || row.receivedAt} />
      </div>
      {row.outcome !== UNMATCHED && <Commit row={row} answer={commit} />}
      {children}
      <ProblemText key={row.id} row={row} next={delivery.next} />
    </header>
  );
}

function Age({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time className="quiet" dateTime={at} title={exactly(useClock(), Date.parse(at), now)}>
      {ago(Date.parse(at), now)}
    </time>
  );
}

/** The repository, as a link to its page where its name is verified; where none is known, the event and who sent it. */
function Named({ row: { event, repository, host, outcome } }: Pick<DeliveryAnswer, 'row'>) {
  if (!repository) return `${event} from ${host}`;
  if (outcome === UNMATCHED) return repository;
  return <Link to={addressOfRepository({ host, repository })}>{repository}</Link>;
}
