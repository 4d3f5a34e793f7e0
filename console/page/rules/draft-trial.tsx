import { useState } from 'react';
import type { DraftRequest, TrialAnswer } from '../../api.ts';
import { post } from '../api/client.ts';
import { shortRef } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { clockTime } from '../parts/use-clock.ts';

interface Props {
  readonly draft: DraftRequest;
  readonly disabled: boolean;
}

// Enough to see whether the rule means what its author means.
const SHOWN = 20;

/** What the rule would do with the last deliveries, before anybody writes it. */
export function DraftTrial({ draft, disabled }: Props) {
  const [trial, setTrial] = useState<{ readonly of: DraftRequest; readonly answer: TrialAnswer }>();
  const [status, setStatus] = useState('');
  const ask = async (): Promise<void> => {
    setStatus('Trying…');
    try {
      setTrial({ of: draft, answer: await post<TrialAnswer>('rules/trial', draft) });
      setStatus('');
    } catch (error) {
      setStatus(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section className="draft-trial" aria-label="Trial">
      <div className="actions">
        <button type="button" disabled={disabled} onClick={ask}>
          Try it on the last 100 deliveries
        </button>
        <span role="status">{status}</span>
      </div>
      {trial?.of === draft && <Taken trial={trial.answer} />}
    </section>
  );
}

function Taken({ trial: { tried, unknown, taken } }: { readonly trial: TrialAnswer }) {
  return (
    <>
      <p>
        It would take {taken.length} of the last {tried} deliveries
        {unknown > 0 && `; of ${unknown} too little is kept to tell`}.
      </p>
      <ul>
        {taken.slice(0, SHOWN).map(({ row, verdict }) => (
          <li key={row.id}>
            <Link to={`/deliveries/${encodeURIComponent(row.id)}`}>{clockTime(row.receivedAt)}</Link>{' '}
            {row.event} {row.repository || row.host} {shortRef(row.ref)}:{' '}
            {verdict ? `${verdict.next}, ${verdict.reason}` : 'known in part'}
          </li>
        ))}
      </ul>
    </>
  );
}
