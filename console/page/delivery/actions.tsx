import { useState } from 'react';
import type { ArtifactAnswer, DeliveryAnswer, RedeliverAnswer, RedeliverRequest } from '../../api.ts';
import { navigate } from '../address.ts';
import { get, post } from '../api/client.ts';
import { Link } from '../parts/link.tsx';
import { RedeliverInVain } from './redeliver-in-vain.tsx';

interface Props {
  readonly delivery: DeliveryAnswer;
  readonly changed: () => void;
}

/** The buttons of a delivery, and below them the answer to the last click. */
export function Actions({ delivery: { row, possible }, changed }: Props) {
  const [answer, say] = useState('');
  const [busy, setBusy] = useState(false);
  const [inVain, setInVain] = useState('');
  const path = `deliveries/${encodeURIComponent(row.id)}`;
  const buttonAction = (doingText: string, work: () => Promise<string>) => async (): Promise<void> => {
    setBusy(true);
    say(doingText);
    say(await work().catch((error: Error) => error.message));
    setBusy(false);
  };
  const redeliverIf = (force: boolean) => async (): Promise<string> => {
    setInVain('');
    const started = await post<RedeliverAnswer>(`${path}/redeliver`, { force } satisfies RedeliverRequest);
    if ('inVain' in started) {
      setInVain(started.inVain);
      return 'Not started.';
    }
    navigate(`/deliveries/${encodeURIComponent(started.executionArn)}`);
    return '';
  };
  const redeliver = buttonAction('Starting…', redeliverIf(false));
  const redeliverAnyway = buttonAction('Starting…', redeliverIf(true));
  const redrive = buttonAction('Going on…', async () => {
    await post(`${path}/redrive`);
    changed();
    return 'The delivery goes on at the state that failed.';
  });
  const stop = buttonAction('Stopping…', async () => {
    await post(`${path}/stop`);
    changed();
    return 'Stopped.';
  });
  const download = buttonAction('Asking for the artifact…', async () => {
    const { url } = await get<ArtifactAnswer>(`${path}/artifact`);
    location.assign(url);
    return '';
  });
  return (
    <div className="actions">
      <button type="button" disabled={busy} onClick={redeliver}>
        Redeliver
      </button>
      {inVain !== '' && (
        <RedeliverInVain reason={inVain} close={() => setInVain('')} redeliver={redeliverAnyway} />
      )}
      <button type="button" disabled={busy || !possible.redrive} onClick={redrive} title={REDRIVE_HINT}>
        Redrive
      </button>
      <button
        type="button"
        disabled={busy || !possible.stop}
        onClick={stop}
        title={possible.stop ? undefined : 'Only what runs can be stopped'}
      >
        Stop
      </button>
      <button
        type="button"
        disabled={busy || row.artifactKey === ''}
        onClick={download}
        title={row.artifactKey === '' ? 'It has made no artifact' : undefined}
      >
        Download the artifact
      </button>
      <Link className="button" to={`/rules?view=explain&delivery=${encodeURIComponent(row.id)}`}>
        Explain the rules
      </Link>
      <span role="status" className="said">
        {answer}
      </span>
    </div>
  );
}

const REDRIVE_HINT =
  'Goes on at the state that failed; a failure that the machine has dealt with is redelivered instead';
