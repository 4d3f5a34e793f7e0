import { useState } from 'react';
import type { ArtifactAnswer, DeliveryAnswer, RedeliverAnswer } from '../../api.ts';
import { go } from '../address.ts';
import { get, post } from '../api/client.ts';

interface Props {
  readonly delivery: DeliveryAnswer;
  readonly changed: () => void;
}

/** The buttons of a delivery, and below them the answer to the last one. */
export function Actions({ delivery: { row, possible }, changed }: Props) {
  const [answer, say] = useState('');
  const [busy, setBusy] = useState(false);
  const path = `deliveries/${encodeURIComponent(row.id)}`;
  const act = (doing: string, what: () => Promise<string>) => async (): Promise<void> => {
    setBusy(true);
    say(doing);
    say(await what().catch((error: Error) => error.message));
    setBusy(false);
  };
  const redeliver = act('Starting it again…', async () => {
    const { executionArn } = await post<RedeliverAnswer>(`${path}/redeliver`);
    go(`/deliveries/${encodeURIComponent(executionArn)}`);
    return '';
  });
  const redrive = act('Going on…', async () => {
    await post(`${path}/redrive`);
    changed();
    return 'It goes on at the state that failed.';
  });
  const stop = act('Stopping…', async () => {
    await post(`${path}/stop`);
    changed();
    return 'Stopped.';
  });
  const download = act('Asking for the artifact…', async () => {
    const { url } = await get<ArtifactAnswer>(`${path}/artifact`);
    location.assign(url);
    return '';
  });
  return (
    <div className="actions">
      <button type="button" disabled={busy} onClick={redeliver}>
        Redeliver
      </button>
      <button type="button" disabled={busy || !possible.redrive} onClick={redrive} title={REDRIVE}>
        Redrive
      </button>
      <button type="button" disabled={busy || !possible.stop} onClick={stop}>
        Stop
      </button>
      <button type="button" disabled={busy || row.artifactKey === ''} onClick={download}>
        Download the artifact
      </button>
      <span role="status" className="said">
        {answer}
      </span>
    </div>
  );
}

const REDRIVE =
  'Goes on at the state that failed; a failure that the machine has dealt with is redelivered instead';
