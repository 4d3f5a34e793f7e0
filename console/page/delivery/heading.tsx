import type { DeliveryAnswer } from '../../api.ts';
import { listAddress } from '../deliveries/list-position.ts';
import { shortRef } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { Outcome } from '../parts/outcome.tsx';
import { Actions } from './actions.tsx';
import { ProblemText } from './problem-text.tsx';

interface Props {
  readonly delivery: DeliveryAnswer;
  readonly changed: () => void;
  readonly staleReason: string | undefined;
}

/** The delivery's error, and the next step with the commands to type. */
function problemOf({ row, next }: DeliveryAnswer): string {
  const error = row.message && row.outcome !== '' ? `${row.error}: ${row.message}` : '';
  const todo = next ? `What to do: ${[next.words, ...next.commands].join('\n')}` : '';
  return [error, todo].filter((part) => part !== '').join('\n');
}

export function Heading({ delivery, changed, staleReason }: Props) {
  const { row } = delivery;
  const text = problemOf(delivery);
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
          {row.repository || row.host || 'Not verified'} <span className="quiet">{shortRef(row.ref)}</span>
        </h1>
        <span role="status">
          <Outcome outcome={row.outcome} />
        </span>
      </div>
      <ProblemText key={text} text={text} />
      <Actions delivery={delivery} changed={changed} />
    </header>
  );
}
