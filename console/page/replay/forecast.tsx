import { useState } from 'react';
import type { Forecast as Found, ReplayAnswer, ReplayRequest } from '../../api.ts';
import { go } from '../address.ts';
import { Failure, post } from '../api/client.ts';
import { addressOfReplay } from './address.ts';
import type { Asked } from './use-forecast.ts';

interface Props {
  readonly request: ReplayRequest;
  readonly possible: boolean;
  readonly asked: Asked;
  readonly ask: () => void;
}

/** What the replay would do, and the button that starts it. */
export function Forecast({ request, possible, asked, ask }: Props) {
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const start = async (): Promise<void> => {
    setStarting(true);
    setFailure(undefined);
    try {
      const { name } = await post<ReplayAnswer>('replays', request);
      go(addressOfReplay(name));
    } catch (error) {
      setFailure(error instanceof Failure ? error : new Failure(String(error), 0));
      setStarting(false);
    }
  };
  return (
    <section className="forecast" aria-label="What it would do">
      <div className="actions">
        <button type="button" disabled={!possible || asked.running} onClick={ask}>
          See how many events match
        </button>
        <button type="button" className="main" disabled={!possible || starting} onClick={start}>
          Start the replay
        </button>
      </div>
      <p className="hint">It runs everything again: artifacts, pipelines and commit statuses.</p>
      <p className="answer" role="status">
        <Answer asked={asked} />
      </p>
      {failure && (
        <p className="field-problem" role="alert">
          It was not started: {failure.message}
        </p>
      )}
    </section>
  );
}

function Answer({ asked: { running, done, all, result, failure } }: { readonly asked: Asked }) {
  if (failure) return <span className="field-problem">It cannot be said: {failure.message}</span>;
  if (result) return inWords(result);
  if (!running) return null;
  return (
    <>
      <progress aria-label="Deliveries looked into" {...(all === 0 ? {} : { value: done, max: all })} />{' '}
      {all === 0 ? 'Reading the deliveries on record' : `${done} of ${all} deliveries looked into`}
    </>
  );
}

function inWords({ deliveries, unknown }: Found): string {
  const found = `${deliveries.toLocaleString('en')} ${deliveries === 1 ? 'delivery' : 'deliveries'} on record in that span`;
  if (unknown === 0) return `${found}; how many each rule would take stands beside it.`;
  return `${found}; ${unknown.toLocaleString('en')} of them cannot be looked into, as they were too large or their executions are kept no more.`;
}
