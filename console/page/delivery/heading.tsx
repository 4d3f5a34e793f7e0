import type { ReactNode } from 'react';
import type { DeliveryAnswer } from '../../api.ts';
import { listAddress } from '../deliveries/place.ts';
import { shortRef } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { Outcome } from '../parts/outcome.tsx';
import { Actions } from './actions.tsx';
import { ProblemText } from './problem-text.tsx';

type Told = Pick<DeliveryAnswer, 'row' | 'next'>;

/** The delivery's own error, and what to do about it with the commands to type. */
function problemOf({ row, next }: Told): string {
  const error = row.message && row.outcome !== '' ? `${row.error}: ${row.message}` : '';
  const todo = next ? `What to do: ${[next.words, ...next.commands].join('\n')}` : '';
  return [error, todo].filter((part) => part !== '').join('\n');
}

interface Props {
  readonly delivery: DeliveryAnswer;
  readonly changed: () => void;
  readonly late: string | undefined;
}

export function Heading({ delivery, changed, late }: Props) {
  return (
    <HeadingOf delivery={delivery} late={late}>
      <Actions delivery={delivery} changed={changed} />
    </HeadingOf>
  );
}

/** What a delivery is, how it ended and what to do about it. @param children what can be done with it here */
export function HeadingOf({
  delivery,
  late,
  children,
}: {
  readonly delivery: Told;
  readonly late: string | undefined;
  readonly children?: ReactNode;
}) {
  const { row } = delivery;
  const text = problemOf(delivery);
  return (
    <header className="delivery-head">
      <div className="delivery-top">
        <Link to={listAddress()} className="back">
          ← Deliveries
        </Link>
        <span className="late" role="status">
          {late !== undefined && `Not up to date: ${late}`}
        </span>
      </div>
      <div className="delivery-title">
        <h1>
          {row.repository || row.host || 'Not verified'} <span className="quiet">{shortRef(row.ref)}</span>
        </h1>
        <span role="status">
          <Outcome outcome={row.outcome} />
        </span>
      </div>
      <ProblemText key={text} text={text} />
      {children}
    </header>
  );
}
